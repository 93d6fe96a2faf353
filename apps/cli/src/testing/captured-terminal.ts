import { Readable, Writable } from "node:stream";
import type { Environment } from "@lotty/config";
import { type ExitCode } from "../exit-code.ts";
import { runProgram } from "../program.ts";
import { textOutput, type Terminal } from "../terminal/terminal.ts";

/** What a command said and how it ended. */
export interface CommandResult {
  readonly code: ExitCode;
  readonly out: string;
  readonly talk: string;
}

/** What a command is run with. */
export interface CommandWorld {
  readonly env?: Environment;
  readonly input?: string;
  readonly stop?: AbortSignal;
}

/** A terminal that nobody looks at, and what was written to it. */
export function capturedTerminal(world: CommandWorld = {}): {
  readonly terminal: Terminal;
  readonly out: () => string;
  readonly talk: () => string;
} {
  const env = world.env ?? {};
  const [out, talk] = [captured(), captured()];
  const terminal: Terminal = {
    env,
    input: { stream: Readable.from([Buffer.from(world.input ?? "")]), isTerminal: false },
    out: textOutput(out.stream, env),
    talk: textOutput(talk.stream, env),
    stop: world.stop ?? new AbortController().signal,
  };
  return { terminal, out: out.text, talk: talk.text };
}

/** Runs a command in this process. */
export async function runCommand(args: readonly string[], world: CommandWorld = {}): Promise<CommandResult> {
  const { terminal, out, talk } = capturedTerminal(world);
  const code = await runProgram(args, terminal);
  return { code, out: out(), talk: talk() };
}

function captured(): { readonly stream: Writable; readonly text: () => string } {
  const pieces: Buffer[] = [];
  const stream = new Writable({
    write: (piece: Buffer, _encoding, done) => {
      pieces.push(piece);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(pieces).toString("utf8") };
}
