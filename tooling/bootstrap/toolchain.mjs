import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Problem } from "./problem.mjs";

/** Root of the repository. */
export const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Node arguments that make a process end itself when the process that started it is gone. */
export const followParent = ["--import", pathToFileURL(join(repository, "tooling/bootstrap/follow-parent.mjs")).href];

const toolFolder = join(repository, "node_modules/.bin");

/** The exact version of pnpm that the project is built with. */
export function pnpmVersion() {
  const manifest = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  return manifest.devEngines.packageManager.version;
}

/** The project's own Node, which comes with its dependencies: whatever Node started us, the tasks run on this one. */
export function nodeBinary() {
  const names = process.platform === "win32" ? ["node.exe", "node"] : ["node"];
  const found = names.map((name) => join(repository, "node_modules/node/bin", name)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Problem("The project's own Node is missing from node_modules. Remove node_modules and try again.");
}

/** Our environment with the project's tools first in PATH. */
export function toolEnvironment() {
  const path = [toolFolder, ...(process.env.PATH ?? "").split(delimiter).filter((entry) => entry !== toolFolder)];
  return { ...process.env, PATH: path.join(delimiter) };
}
