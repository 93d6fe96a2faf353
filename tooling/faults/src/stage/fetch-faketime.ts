import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

const FETCHED_WITHIN_MILLIS = 60_000;

/**
 * Fetches the library that lets a process see another time, from the system's packages, installing nothing.
 *
 * @param folder where it may be put
 * @param name of the process it is for
 * @returns its path
 * @throws Error where it cannot be had
 */
export function fetchFaketime(folder: string, name: string): string {
  const downloads = join(folder, `faketime-${name}`);
  mkdirSync(downloads);
  execFileSync("apt-get", ["download", "libfaketime"], {
    cwd: downloads,
    stdio: "pipe",
    timeout: FETCHED_WITHIN_MILLIS,
  });
  const [file = ""] = readdirSync(downloads);
  execFileSync("dpkg", ["-x", join(downloads, file), downloads], { timeout: FETCHED_WITHIN_MILLIS });
  const libraries = join(downloads, "usr/lib");
  const found = readdirSync(libraries)
    .map((machine) => join(libraries, machine, "faketime/libfaketime.so.1"))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error("The package libfaketime has no library for this machine.");
  return found;
}
