import type { LogFields, Logger } from "@lotty/domain";

/** One line as it was logged. */
export interface LoggedLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly event: string;
  readonly fields: LogFields;
}

/** Keeps what is logged. */
export class RecordingLogger implements Logger {
  readonly lines: LoggedLine[] = [];

  debug(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: "debug", event, fields });
  }

  info(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: "info", event, fields });
  }

  warn(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: "warn", event, fields });
  }

  error(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: "error", event, fields });
  }

  /** The names of the events, in order. */
  get events(): readonly string[] {
    return this.lines.map((line) => line.event);
  }
}
