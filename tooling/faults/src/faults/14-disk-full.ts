import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, closeSync, mkdirSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "../fault.ts";
import { within } from "../client/timeline.ts";
import { exactly, atLeast, atMost } from "../verdict/figure.ts";

const SIZE_MEGABYTES = 64;
const MEGABYTE = Buffer.alloc(1024 ** 2);

/** Fills the disk that the tables lie on. The log of the database lies elsewhere: without it Postgres stops altogether. */
function makeDiskFull(): Fault {
  let place: string | undefined;
  const ballast = (): string => {
    if (place === undefined) throw new Error("There is no disk to fill.");
    return join(place, "ballast");
  };
  return {
    row: 14,
    name: "disk-full",
    title: `the disk of the tables, ${String(SIZE_MEGABYTES)} MB, is full`,
    stage: {
      beforeDatabase: async (server, workshop) => {
        place = join(workshop.folder, "disk");
        mkdirSync(place);
        // The account that Postgres runs as has to get there.
        chmodSync(workshop.folder, 0o711);
        mount(place);
        // Lazily: Postgres, which is still there then, has files open on it.
        workshop.undoWith(["umount", "--lazy", place]);
        const tables = join(place, "tables");
        mkdirSync(tables);
        const [row] = await server.query("SELECT current_setting('data_directory') AS folder");
        const { gid, uid } = statSync(String(row?.["folder"]));
        chownSync(tables, uid, gid);
        await server.query(`CREATE TABLESPACE small LOCATION '${tables}'`);
        return "TABLESPACE small";
      },
    },
    async inject({ database, measure, pause, say }) {
      const file = openSync(ballast(), "w");
      try {
        for (;;) writeSync(file, MEGABYTE);
      } catch (error) {
        say(`the disk is full: ${String(error)}`);
      } finally {
        closeSync(file);
      }
      await pause(20_000);
      // Tells whether it was full enough: what does not grow a file is written all the same.
      const refused = await database
        .query("CREATE TABLE ballast AS SELECT repeat('x', 1000) FROM generate_series(1, 20000)")
        .then(
          () => 0,
          () => 1,
        );
      measure("a growing table is refused", refused);
    },
    heal: async () => rmSync(ballast()),
    figures: ({ during, events, failures, measures, recoverySeconds }) => {
      const notStored = within(events, during).filter(
        ({ kind, words }) => kind.startsWith("503") || words.includes("spooled") || words.includes("queued"),
      );
      return [
        exactly("a growing table is refused", measures.get("a growing table is refused") ?? null, 1),
        atLeast("503, spooled or queued while full", notStored.length, 1),
        exactly("failures other than 503", Object.keys(failures).filter((kind) => !kind.startsWith("503")).length, 0),
        atMost("recovery s", recoverySeconds, 10),
      ];
    },
  };
}

function mount(place: string): void {
  const { status, stderr } = spawnSync(
    "mount",
    ["-t", "tmpfs", "-o", `size=${String(SIZE_MEGABYTES)}m`, "tmpfs", place],
    { timeout: 10_000 },
  );
  if (status !== 0) throw new Error(`A small disk cannot be had here (it takes root): ${String(stderr)}`);
}

/** The disk is full. */
export const diskFull: Fault = makeDiskFull();
