import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { executable, findInPath } from "./find-binary.ts";

/** How to call a Redis server. */
export interface RedisBinary {
  readonly command: string;
  /** Variables it needs besides ours. */
  readonly env: NodeJS.ProcessEnv;
}

/** The packages with the program itself; what they need besides is asked for. */
const PACKAGES = ["redis-server", "redis-tools"];

const PROGRAMS = ["redis-server", "valkey-server"];

/**
 * Looks for Redis in PATH, else unpacks the system's packages into a folder, installing nothing.
 *
 * @param folder where files may be put; the caller removes it
 */
export function findRedis(folder: string): RedisBinary {
  const inPath = PROGRAMS.map(findInPath).find((command) => command !== undefined);
  if (inPath !== undefined) return { command: inPath, env: {} };
  const reasons: string[] = [];
  try {
    const unpacked = unpackedRedis(folder);
    if (unpacked !== undefined) return unpacked;
    reasons.push("the downloaded packages have no redis-server");
  } catch (error) {
    reasons.push(error instanceof Error ? error.message : String(error));
  }
  throw new Error(
    `No Redis for the tests: none in PATH, and fetching it with apt failed (${reasons.join("; ")}). ` +
      "Install Redis 7 or newer, or set LOTTY_TEST_REDIS_URL to a server whose keys we may write.",
  );
}

function unpackedRedis(folder: string): RedisBinary | undefined {
  if (findInPath("apt-get") === undefined || findInPath("dpkg") === undefined) {
    throw new Error("there is no apt here");
  }
  const downloads = join(folder, "packages");
  const root = join(folder, "root");
  mkdirSync(downloads);
  mkdirSync(root);
  download(downloads);
  for (const file of readdirSync(downloads)) execFileSync("dpkg", ["-x", join(downloads, file), root]);
  const command = executable(join(root, "usr/bin/redis-server"));
  if (command === undefined) return undefined;
  return { command, env: { LD_LIBRARY_PATH: libraryFolders(root).join(":") } };
}

function download(folder: string): void {
  const fetchAll = (): void => {
    execFileSync("apt-get", ["download", ...PACKAGES, ...missingPackages()], { cwd: folder, stdio: "pipe" });
  };
  try {
    fetchAll();
  } catch {
    // The lists of packages may be missing or old; refreshing them installs nothing.
    execFileSync("apt-get", ["update"], { stdio: "pipe" });
    fetchAll();
  }
}

/** The packages that an installation would add to this machine, learned by a simulated one. */
function missingPackages(): readonly string[] {
  const simulation = execFileSync("apt-get", ["install", "--simulate", "--no-install-recommends", ...PACKAGES], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const names = [...simulation.matchAll(/^Inst (\S+)/gm)].map(([, name = ""]) => name);
  return names.filter((name) => !PACKAGES.includes(name));
}

function libraryFolders(root: string): readonly string[] {
  const folders = [join(root, "usr/lib"), join(root, "lib")];
  return folders.flatMap((folder) => [folder, ...subfolders(folder)]);
}

function subfolders(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(folder, entry.name));
  } catch {
    return [];
  }
}
