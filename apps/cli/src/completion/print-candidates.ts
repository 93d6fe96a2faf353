import type { Command } from "commander";
import { print, type Terminal } from "../terminal/terminal.ts";
import { candidatesFor } from "./candidates.ts";
import { FILES } from "./scripts.ts";

/** Answers a shell: one way to go on a line, with what it is after a tab. */
export async function printCandidates(terminal: Terminal, program: Command, words: readonly string[]): Promise<void> {
  const { files, words: found } = candidatesFor(program, words);
  for (const { description, word } of found) await print(terminal, `${word}\t${description.replaceAll(/\s+/g, " ")}`);
  if (files) await print(terminal, FILES);
}
