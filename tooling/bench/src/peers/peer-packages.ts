import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Folders of packages that are installed on demand only; each has a lockfile of its own. */
const FOLDERS = ["sdks", "unleash"] as const;

/** One of the folders. */
export type PeerFolder = (typeof FOLDERS)[number];

function folderOf(folder: PeerFolder): URL {
  return new URL(`../../peers/${folder}/`, import.meta.url);
}

/** Whether a folder's packages are installed. */
export function isInstalled(folder: PeerFolder): boolean {
  return existsSync(new URL("node_modules/.modules.yaml", folderOf(folder)));
}

/** A file of an installed peer. */
export function peerFile(folder: PeerFolder, path: string): string {
  return fileURLToPath(new URL(`node_modules/${path}`, folderOf(folder)));
}

/** A peer's module. */
export function peerModule(path: string): URL {
  return new URL(`src/${path}.mjs`, folderOf("sdks"));
}

/**
 * Installs whatever peers are missing, with their locked versions and without running their scripts.
 *
 * @throws Error when an installation fails
 */
export function installPeers(): void {
  for (const folder of FOLDERS) {
    if (isInstalled(folder)) continue;
    const directory = fileURLToPath(folderOf(folder));
    process.stderr.write(`Installing what Lotty is measured beside, once, into ${directory}node_modules ...\n`);
    const { status } = spawnSync("pnpm", ["install", "--frozen-lockfile", "--ignore-scripts"], {
      cwd: directory,
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (status !== 0) throw new Error(`The installation failed: pnpm install in ${directory}`);
  }
}

/** The locked version of a peer. */
export function versionOf(packageName: string): string {
  const manifest = readFileSync(new URL("package.json", folderOf("sdks")), "utf8");
  const { dependencies } = JSON.parse(manifest) as { readonly dependencies: Readonly<Record<string, string>> };
  return dependencies[packageName] ?? "unknown";
}
