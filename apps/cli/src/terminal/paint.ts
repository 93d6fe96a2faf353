import { styleText } from "node:util";
import type { TextOutput } from "./terminal.ts";

/** What a stretch of text means; the colours follow from it. */
export type Tone = "good" | "bad" | "doubtful" | "quiet" | "strong";

const FORMATS = {
  good: "green",
  bad: "red",
  doubtful: "yellow",
  quiet: "dim",
  strong: "bold",
} as const satisfies Record<Tone, string>;

/** Colours texts for one output; leaves them as they are where colours are not wanted. */
export type Paint = (tone: Tone, text: string) => string;

/** Makes the paint of an output. */
export function paintFor(output: TextOutput): Paint {
  if (!output.colours) return (_tone, text) => text;
  return (tone, text) => styleText(FORMATS[tone], text, { validateStream: false });
}
