import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository, runTool } from "./run-tool.ts";

/** The package.json inside a tarball. */
export interface PackedManifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A package as it would be published. */
export interface PackedPackage {
  readonly name: string;
  /** Folder of its sources in the repository. */
  readonly source: string;
  readonly tarball: string;
  /** Folder with the unpacked tarball. */
  readonly unpacked: string;
  readonly manifest: PackedManifest;
}

/**
 * Packs and unpacks every package that is not private.
 *
 * @throws Error when a package does not pack, for instance because it is not built
 */
export function packAll(folder: string): readonly PackedPackage[] {
  const packages = join(repository, "packages");
  return readdirSync(packages)
    .toSorted()
    .map((name) => join(packages, name))
    .filter((source) => !("private" in readManifest(source)))
    .map((source) => packOne(source, folder));
}

function packOne(source: string, folder: string): PackedPackage {
  const { name } = readManifest(source);
  const destination = join(folder, name.replace("@", "").replace("/", "-"));
  const tarball = `${destination}.tgz`;
  const packed = runTool("pnpm", ["pack", "--out", tarball], source);
  if (!packed.ok) throw new Error(`${name} does not pack:\n${packed.output}`);
  mkdirSync(destination);
  const extracted = runTool("/usr/bin/env", ["tar", "-xzf", tarball, "-C", destination]);
  if (!extracted.ok) throw new Error(`${name} does not unpack:\n${extracted.output}`);
  const unpacked = join(destination, "package");
  return { name, source, tarball, unpacked, manifest: readManifest(unpacked) };
}

function readManifest(folder: string): PackedManifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as PackedManifest;
}
