import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "../fault.ts";
import { fetchFaketime } from "../stage/fetch-faketime.ts";
import type { Workshop } from "../stage/stage-options.ts";
import { exactly } from "../verdict/figure.ts";

const HOUR_SECONDS = 3_600;
const JUMPS = [HOUR_SECONDS, -HOUR_SECONDS, 0, -5, 0];
const CLOCKS = ["api-1", "worker-1"];

function clockFile({ folder }: Workshop, name: string): string {
  return join(folder, `${name}.clock`);
}

function setClock(workshop: Workshop, seconds: number): void {
  for (const name of CLOCKS) {
    writeFileSync(clockFile(workshop, name), `${seconds < 0 ? "-" : "+"}${String(Math.abs(seconds))}\n`);
  }
}

/** Moves the clock of one API and one worker back and forth, the others' not. */
export const clockJumps: Fault = {
  row: 18,
  name: "clock-jumps",
  title: "the clocks of one API and one worker jump an hour ahead, two back, and on",
  stage: {
    envOf: (name, workshop) => {
      if (!CLOCKS.includes(name)) return {};
      writeFileSync(clockFile(workshop, name), "+0\n");
      return {
        LD_PRELOAD: fetchFaketime(workshop.folder, name),
        FAKETIME_TIMESTAMP_FILE: clockFile(workshop, name),
        FAKETIME_NO_CACHE: "1",
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
        DONT_FAKE_MONOTONIC: "1",
      };
    },
  },
  async inject({ pause, say, workshop }) {
    for (const seconds of JUMPS) {
      setClock(workshop, seconds);
      say(`clock ${seconds < 0 ? "" : "+"}${String(seconds)} s`);
      await pause(5_000);
    }
  },
  async afterwards({ database, measure }) {
    const [row] = await database.query(
      "SELECT count(*) - count(DISTINCT decision_id) AS twice, count(*) FILTER (WHERE decided_at > now() + interval '30 minutes') AS ahead, count(*) FILTER (WHERE decided_at < now() - interval '30 minutes') AS behind FROM decisions",
    );
    measure("ids that occur twice", Number(row?.["twice"]));
    measure("rows an hour ahead", Number(row?.["ahead"]));
    measure("rows an hour behind", Number(row?.["behind"]));
  },
  figures: ({ errorsPercent, measures }) => [
    exactly("ids that occur twice", measures.get("ids that occur twice") ?? null, 0),
    exactly("errors %", errorsPercent, 0),
  ],
};
