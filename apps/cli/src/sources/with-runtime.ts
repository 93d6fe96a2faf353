import type { Runtime } from "@lotty/runtime";
import { settingsOf } from "../settings.ts";
import { environmentIn } from "./environment-in.ts";
import type { Terminal } from "../terminal/terminal.ts";

/**
 * Works with the database of the settings, and lets go of it in the end.
 *
 * @param environment key of the environment, whose id the work gets; production when absent
 */
export async function withRuntime<T>(
  terminal: Terminal,
  work: (runtime: Runtime, environmentId: string) => Promise<T>,
  environment?: string,
): Promise<T> {
  const config = settingsOf(terminal);
  // Loaded here, so that commands that need no database do not wait half a second for it.
  const [{ openRuntime }, { commandLogger }] = await Promise.all([
    import("@lotty/runtime"),
    import("../terminal/command-logger.ts"),
  ]);
  const runtime = await openRuntime(config, { role: "cli", logger: commandLogger(config, terminal) });
  try {
    return await work(runtime, await environmentIn(runtime, environment));
  } finally {
    await runtime.close();
  }
}
