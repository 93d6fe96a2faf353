import type { Violation, WorkspacePackage } from "./workspace.ts";

/** Finds package.json files that are not made as the house makes them. */
export function checkManifests(workspace: readonly WorkspacePackage[]): readonly Violation[] {
  return workspace.flatMap((pack) => {
    const place = `${pack.folder}/package.json`;
    return [...general(pack), ...exportFaults(pack), ...versionFaults(pack)].map((message) => ({ place, message }));
  });
}

function general({ manifest }: WorkspacePackage): readonly string[] {
  const faults: string[] = [];
  if (manifest.type !== "module") faults.push('has to say "type": "module"');
  if (manifest.license !== "Apache-2.0") faults.push('has to say "license": "Apache-2.0"');
  if (manifest.files === undefined) faults.push('has to list its published "files"');
  return faults;
}

function exportFaults({ manifest, folder }: WorkspacePackage): readonly string[] {
  const exported = manifest.exports;
  if (exported === undefined) return ['has to list its "exports"'];
  const faults = exported["./package.json"] === undefined ? ['has to export "./package.json"'] : [];
  for (const [subpath, target] of Object.entries(exported)) {
    if (subpath === "./package.json") continue;
    const conditions = typeof target === "object" && target !== null ? Object.keys(target) : [];
    if (conditions[0] !== "@lotty/source" || conditions.at(-1) !== "default") {
      faults.push(`exports ${subpath} without "@lotty/source" first and "default" last`);
    }
    // Patterns open whole folders; only the testkit, which nobody installs, may do that.
    if (subpath.includes("*") && folder !== "packages/testkit") faults.push(`exports the pattern ${subpath}`);
  }
  return faults;
}

function versionFaults({ manifest }: WorkspacePackage): readonly string[] {
  const all = {
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.peerDependencies,
    ...manifest.optionalDependencies,
  };
  return Object.entries(all)
    .filter(([name, version]) => version !== (name.startsWith("@lotty/") ? "workspace:*" : "catalog:"))
    .map(
      ([name, version]) => `asks for ${name} ${version}: versions come from the catalog, our own from the workspace`,
    );
}
