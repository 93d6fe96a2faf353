import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { Manifest, WorkspacePackage } from "./workspace.ts";

/** Reads every package and app of a repository. */
export function readWorkspace(repository: string): readonly WorkspacePackage[] {
  return globSync("{packages,apps}/*/package.json", { cwd: repository })
    .toSorted()
    .map((file) => readPackage(repository, dirname(file)));
}

function readPackage(repository: string, folder: string): WorkspacePackage {
  const root = join(repository, folder);
  return {
    folder: folder.replaceAll(sep, "/"),
    manifest: JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest,
    readme:
      globSync("README.md", { cwd: root }).length === 0 ? undefined : readFileSync(join(root, "README.md"), "utf8"),
    sources: globSync("src/**/*.ts", { cwd: root })
      .toSorted()
      .map((path) => ({ path: relative("", path).replaceAll(sep, "/"), text: readFileSync(join(root, path), "utf8") })),
  };
}
