import type { LogFormat, LogLevel } from "@lotty/config";
import type { LogFields, Logger } from "@lotty/domain";
import { pino, type Logger as PinoLogger } from "pino";
import { concealCredentials } from "./conceal-credentials.ts";
import { errorFields } from "./error-fields.ts";
import { textLines, type LineDestination } from "./text-lines.ts";

/** How a process logs. */
export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Name of the process, on every line. */
  readonly name: string;
  /** Defaults to standard output. */
  readonly destination?: LineDestination;
}

/** The logger of a process: the domain's port, and what lies under it for libraries that want pino itself. */
export interface ProcessLogger extends Logger {
  readonly pino: PinoLogger;
}

/** What must not be in a log, wherever code puts it by mistake: secrets, and what is known about subjects. */
const CONCEALED = ["password", "authorization", "cookie", "token", "secret", "attributes"] as const;

/**
 * Makes the logger of a process. Each line is written before the call returns, so that a crash loses none. Errors under
 * `error` appear with code, retryability and causes; passwords in URLs, secrets and subject attributes are concealed.
 */
export function createLogger(options: LoggerOptions): ProcessLogger {
  const sink = options.destination ?? pino.destination({ fd: 1, sync: true });
  const root = pino(
    {
      level: options.level,
      base: { name: options.name, pid: process.pid },
      messageKey: "event",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: errorFields, err: errorFields },
      redact: { paths: CONCEALED.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: "[concealed]" },
    },
    options.format === "text" ? textLines(sink) : sink,
  );
  return {
    pino: root,
    // Asked first, because the hot path logs each request at this level and preparing costs as much as deciding.
    debug: (event, fields) => {
      if (root.isLevelEnabled("debug")) root.debug(prepare(fields), event);
    },
    info: (event, fields) => root.info(prepare(fields), event),
    warn: (event, fields) => root.warn(prepare(fields), event),
    error: (event, fields) => root.error(prepare(fields), event),
  };
}

function prepare(fields: LogFields | undefined): LogFields {
  if (fields === undefined) return {};
  const prepared: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    prepared[key] = typeof value === "string" ? concealCredentials(value) : value;
  }
  return prepared;
}
