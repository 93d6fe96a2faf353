import type { AttributePath } from "@lotty/domain";
import { isKeyword } from "./keywords.ts";
import { matchName } from "./name-pattern.ts";
import { quoteText, unquoteText } from "./quoted-text.ts";

/** The name that stands for the subject's attributes themselves when a bracket follows at once. */
const ROOT = "attributes";

const PLAIN_NAME = /^[A-Za-z_]\w*$/;
const SEGMENT = /\.?([A-Za-z_]\w*)|\[("(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*')\]/g;

/** Reads the text of a path as the lexer lets it through. */
export function readPath(text: string): AttributePath {
  const segments: string[] = [];
  for (const [, plain, quoted] of text.matchAll(SEGMENT)) segments.push(plain ?? unquoteText(quoted ?? ""));
  return text.startsWith(`${ROOT}[`) ? segments.slice(1) : segments;
}

/** Prints a path so that it reads back the same: dots where names are plain, brackets elsewhere. */
export function formatPath(path: AttributePath): string {
  const [first = "", ...rest] = path;
  const tail = rest.map((name) => (PLAIN_NAME.test(name) ? `.${name}` : `[${quoteText(name)}]`)).join("");
  const bracketNext = tail.startsWith("[");
  // A keyword alone, or before a bracket, would not be a name; ROOT before a bracket would mean something else.
  const ambiguous = isKeyword(first) ? !tail.startsWith(".") : first === ROOT && bracketNext;
  return PLAIN_NAME.test(first) && !ambiguous ? first + tail : `${ROOT}[${quoteText(first)}]${tail}`;
}

/** Reads a path that stands by itself; a text that is no path is the name of one attribute. */
export function pathFromText(text: string): AttributePath {
  return matchName(text, 0)?.[0] === text && !isKeyword(text) ? readPath(text) : [text];
}
