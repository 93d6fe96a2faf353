import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the repository. */
export const repository = fileURLToPath(new URL("../..", import.meta.url));

/** How a tool ended. */
export interface ToolResult {
  readonly ok: boolean;
  /** All that it printed, standard output first. */
  readonly output: string;
}

/** Runs one of the project's tools, or another program by its path. */
export function runTool(tool: string, args: readonly string[], cwd: string = repository): ToolResult {
  const command = tool.includes("/") ? tool : join(repository, "node_modules/.bin", tool);
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", CI: "true" },
  });
  return { ok: status === 0, output: error === undefined ? `${stdout}${stderr}` : error.message };
}
