/** Facts that go with a log line. Errors go under `error`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes structured log lines. The event name is stable and in snake_case; `error` only when a person must act. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}
