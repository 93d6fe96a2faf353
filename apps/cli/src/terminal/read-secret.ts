import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { LottyError } from "@lotty/domain";
import { say, type Terminal } from "./terminal.ts";

/**
 * Reads a secret: where a person is there, asks for it and shows nothing of what is typed; else takes the first line of the
 * input. Never an argument: those are seen by every user of the machine.
 *
 * @throws LottyError `invalid_request` for an empty one
 */
export async function readSecret(terminal: Terminal, question: string, what = "password"): Promise<string> {
  const secret = terminal.input.isTerminal
    ? await ask(terminal, question)
    : firstLine(await text(terminal.input.stream));
  if (secret !== "") return secret;
  throw new LottyError("invalid_request", `nothing was given for the ${what}`, {
    details: { advice: "Type it, or send it as one line to the standard input." },
  });
}

async function ask(terminal: Terminal, question: string): Promise<string> {
  await say(terminal, question);
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: terminal.input.stream, output: unseen, terminal: true });
  const refused = Promise.withResolvers<string>();
  lines.on("SIGINT", () => lines.close());
  lines.on("close", () => refused.resolve(""));
  terminal.stop.addEventListener("abort", () => lines.close());
  const answer = await Promise.race([lines.question(""), refused.promise]);
  lines.close();
  return answer;
}

function firstLine(input: string): string {
  return input.split(/\r?\n/, 1)[0] ?? "";
}
