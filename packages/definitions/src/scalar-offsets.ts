import type { Scalar } from "yaml";

const SHORT_ESCAPES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * Finds places of a scalar's text in the file. A YAML scalar is written folded, indented, quoted or escaped, so that
 * the n-th character of the text is not the n-th after the start of the scalar. What every style leaves alone is the
 * order of the visible characters, so the two are walked side by side along those.
 *
 * @returns a function from an offset in the scalar's text to an offset in the file; exact on visible characters, and
 * for white space the nearest place before the next visible character
 */
export function scalarOffsets(scalar: Scalar, source: string): (offset: number) => number {
  const text = String(scalar.value);
  const start = scalar.range?.[0] ?? 0;
  const end = scalar.range?.[1] ?? start;
  const escapes = scalar.type === "QUOTE_DOUBLE";
  const offsets: number[] = [];
  let at = contentStart(scalar, source);
  while (offsets.length < text.length && at < end) {
    const character = text[offsets.length] ?? "";
    const length = escapes && source[at] === "\\" ? escapeLength(source, at) : 1;
    if (length > 1) {
      at = placeEscape(at, length);
    } else if (isWhite(character)) {
      offsets.push(at);
      if (isWhite(source[at] ?? "")) at++;
    } else if (source[at] === character) {
      offsets.push(at++);
      if (character === "'" && scalar.type === "QUOTE_SINGLE") at++;
    } else {
      at++;
    }
  }
  return (offset) => offsets[offset] ?? Math.min(at, end);

  /** An escape stands for one character, or none at the end of a line; eight digits may stand for a surrogate pair. */
  function placeEscape(from: number, length: number): number {
    const code = source[from + 1] ?? "";
    if (code === "\n" || code === "\r") return from + length;
    offsets.push(from);
    if (code === "U" && Number.parseInt(source.slice(from + 2, from + 10), 16) > 0xffff) offsets.push(from);
    return from + length;
  }
}

function contentStart(scalar: Scalar, source: string): number {
  const start = scalar.range?.[0] ?? 0;
  if (scalar.type === "QUOTE_DOUBLE" || scalar.type === "QUOTE_SINGLE") return start + 1;
  if (scalar.type !== "BLOCK_LITERAL" && scalar.type !== "BLOCK_FOLDED") return start;
  // The header `|-` may carry a comment; the text begins on the next line, after its indentation.
  const body = source.indexOf("\n", start) + 1;
  return body + (/^[ \n\r]*/.exec(source.slice(body))?.[0].length ?? 0);
}

function escapeLength(source: string, at: number): number {
  return 2 + (SHORT_ESCAPES[source[at + 1] ?? ""] ?? 0);
}

function isWhite(character: string): boolean {
  return character === " " || character === "\n" || character === "\t" || character === "\r";
}
