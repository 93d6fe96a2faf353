import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Full path of a program in PATH; `undefined` when there is none. */
export function findInPath(name: string): string | undefined {
  for (const directory of (process.env["PATH"] ?? "").split(delimiter)) {
    const found = executable(join(directory, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Folders where Debian and its kin keep the programs of each Postgres version, newest first. */
export function postgresVersionFolders(root = "/usr/lib/postgresql"): readonly string[] {
  try {
    return readdirSync(root)
      .toSorted((a, b) => Number(b) - Number(a))
      .map((version) => join(root, version, "bin"));
  } catch {
    return [];
  }
}

/** The path, if it is a program we may run. Links stay: some programs go by the name they are called by. */
export function executable(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}
