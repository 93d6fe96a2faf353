import type { Readable, Writable } from "node:stream";
import type { Environment } from "@lotty/config";

/** One end of the terminal that text goes to. */
export interface TextOutput {
  readonly stream: Writable;
  /** Whether a person looks at it. */
  readonly isTerminal: boolean;
  readonly colours: boolean;
  /** Width in columns; 80 where it is not known. */
  readonly columns: number;
}

/** Everything a command has of the world around it. */
export interface Terminal {
  readonly env: Environment;
  readonly input: { readonly stream: Readable; readonly isTerminal: boolean };
  /** Data only. */
  readonly out: TextOutput;
  /** Everything that is said to a person. */
  readonly talk: TextOutput;
  /** Aborted when the command is to end; the reason is the name of the signal. */
  readonly stop: AbortSignal;
}

/** A stream as Node's process gives it. */
export interface ProcessStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * Describes an output. Colours are for terminals that show them, unless `NO_COLOR` (any text) says otherwise;
 * `FORCE_COLOR` (any text but 0) wants them everywhere.
 */
export function textOutput(stream: Writable & ProcessStream, env: Environment): TextOutput {
  const isTerminal = stream.isTTY === true;
  const forced = (env["FORCE_COLOR"] ?? "0") !== "0";
  const refused = (env["NO_COLOR"] ?? "") !== "";
  const able = isTerminal && env["TERM"] !== "dumb";
  return { stream, isTerminal, colours: !refused && (forced || able), columns: stream.columns ?? 80 };
}

/** Writes a text and waits until the stream takes more: a slow reader slows the writer down. */
export async function write(output: TextOutput, text: string): Promise<void> {
  if (output.stream.write(text)) return;
  await new Promise<void>((resolve, reject) => {
    const settle = (): void => {
      output.stream.off("drain", onDrain).off("error", onError).off("close", onDrain);
    };
    const onDrain = (): void => {
      settle();
      resolve();
    };
    const onError = (error: Error): void => {
      settle();
      reject(error);
    };
    output.stream.on("drain", onDrain).on("error", onError).on("close", onDrain);
  });
}

/** Writes a line of data. */
export function print(terminal: Terminal, line: string): Promise<void> {
  return write(terminal.out, `${line}\n`);
}

/** Says a line to the person. */
export function say(terminal: Terminal, line: string): Promise<void> {
  return write(terminal.talk, `${line}\n`);
}

/** Prints a value as one JSON line, or indented where a person looks at it. */
export function printJson(terminal: Terminal, value: unknown): Promise<void> {
  return print(terminal, JSON.stringify(value, null, terminal.out.isTerminal ? 2 : undefined));
}
