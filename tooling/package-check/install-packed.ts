import { cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PackedPackage } from "./pack.ts";

/**
 * Makes a project that has the packed packages installed, without any registry: each package lies beside exactly the
 * dependencies that its packed package.json declares (ours packed, the others from this repository's installation), as
 * pnpm would lay them out. What is not declared cannot be found.
 *
 * @returns the project's folder
 */
export function installPacked(packages: readonly PackedPackage[], folder: string): string {
  const placeOf = new Map(packages.map(({ name }) => [name, join(folder, "store", name, "node_modules", name)]));
  const project = join(folder, "project");
  for (const pack of packages) {
    const place = placeOf.get(pack.name) ?? "";
    cpSync(pack.unpacked, place, { recursive: true });
    for (const dependency of Object.keys(pack.manifest.dependencies ?? {})) {
      const target = placeOf.get(dependency) ?? realpathSync(join(pack.source, "node_modules", dependency));
      link(target, join(folder, "store", pack.name, "node_modules", dependency));
    }
    link(place, join(project, "node_modules", pack.name));
  }
  writeFileSync(join(project, "package.json"), '{ "private": true, "type": "module" }\n');
  return project;
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, "dir");
}
