import { stat, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { DatabaseConfig } from "@lotty/config";
import type { Check } from "./check.ts";

const MEGABYTE = 1_048_576;

/** Below this a busy day of decisions fills the disk. */
const LITTLE_SPACE = 1_024 * MEGABYTE;

/** Below this the database may not even be able to write its log. */
const NO_SPACE = 100 * MEGABYTE;

/** Looks at the directory of an embedded database and the disk it is on. */
export async function directoryChecks(database: DatabaseConfig): Promise<readonly Check[]> {
  if (database.kind !== "embedded" || database.directory === "memory") return [];
  const directory = resolve(database.directory);
  const present = await isThere(directory);
  const place = present ? directory : await firstThere(dirname(directory));
  return [
    present
      ? { name: "data directory", status: "ok", message: directory }
      : {
          name: "data directory",
          status: "ok",
          message: `${directory} is not there yet`,
          advice: "The first start or `lotty apply` makes it.",
        },
    await spaceCheck(place),
  ];
}

async function spaceCheck(path: string): Promise<Check> {
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  const message = `${Math.floor(free / MEGABYTE).toLocaleString("en")} MB free at ${path}`;
  if (free >= LITTLE_SPACE) return { name: "disk space", status: "ok", message };
  const status = free < NO_SPACE ? "fail" : "warn";
  return { name: "disk space", status, message, advice: "Free some space, or move LOTTY_DATA_DIR to a larger disk." };
}

async function firstThere(path: string): Promise<string> {
  let place = path;
  while (!(await isThere(place)) && dirname(place) !== place) place = dirname(place);
  return place;
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
