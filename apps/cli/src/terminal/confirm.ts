import { createInterface } from "node:readline/promises";
import type { Terminal } from "./terminal.ts";

/** Asks a question that yes or no answers; Ctrl-C and the end of the input say no. */
export async function confirm(terminal: Terminal, question: string): Promise<boolean> {
  const lines = createInterface({ input: terminal.input.stream, output: terminal.talk.stream });
  const refused = Promise.withResolvers<string>();
  lines.on("SIGINT", () => lines.close());
  lines.on("close", () => refused.resolve("no"));
  terminal.stop.addEventListener("abort", () => lines.close());
  const answer = await Promise.race([lines.question(`${question} [y/N] `), refused.promise]);
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}
