#!/usr/bin/env node
import { isatty } from "node:tty";
import { EXIT_CODES } from "./exit-code.ts";
import { runProgram } from "./program.ts";
import { textOutput } from "./terminal/terminal.ts";

const stop = new AbortController();

// The first signal asks the command to end in good order; the second one does not wait for it.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    const code = signal === "SIGTERM" ? EXIT_CODES.terminated : EXIT_CODES.interrupted;
    if (stop.signal.aborted) process.exit(code);
    stop.abort(signal);
  });
}

// A reader such as `head` that has seen enough is no failure of this program.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(EXIT_CODES.ok);
});

process.exitCode = await runProgram(process.argv.slice(2), {
  env: process.env,
  input: { stream: process.stdin, isTerminal: isatty(0) },
  out: textOutput(process.stdout, process.env),
  talk: textOutput(process.stderr, process.env),
  stop: stop.signal,
});
