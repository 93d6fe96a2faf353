import type { Config } from "@lotty/config";
import { createLogger, type ProcessLogger } from "@lotty/runtime";
import type { Terminal } from "./terminal.ts";

/** The logger of a command: on the standard error stream, and silent about what goes well unless asked for details. */
export function commandLogger(config: Config, terminal: Terminal): ProcessLogger {
  const level = config.log.level === "info" ? "warn" : config.log.level;
  const format = terminal.talk.isTerminal ? "text" : config.log.format;
  return createLogger({ level, format, name: "lotty", destination: terminal.talk.stream });
}
