import { isKeyword } from "./keywords.ts";

const DOTTED = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y;
const BRACKETED = /(?:\[(?:"[^"\\]*(?:\\[\s\S][^"\\]*)*"|'[^'\\]*(?:\\[\s\S][^'\\]*)*')\](?:\.[A-Za-z_]\w*)*)+/y;

/**
 * Matches a path at an offset: names joined by dots, and names in brackets. A keyword takes no brackets, so that
 * `IN["DE"]` stays `IN` with a list.
 */
export function matchName(text: string, offset: number): [string] | null {
  DOTTED.lastIndex = offset;
  const dotted = DOTTED.exec(text);
  if (dotted === null) return null;
  if (isKeyword(dotted[0])) return [dotted[0]];
  BRACKETED.lastIndex = DOTTED.lastIndex;
  const bracketed = BRACKETED.exec(text);
  return [bracketed === null ? dotted[0] : dotted[0] + bracketed[0]];
}
