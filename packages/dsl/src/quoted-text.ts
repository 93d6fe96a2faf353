const ESCAPE = /\\(["'\\])/g;

/** Takes the quotes off; a backslash before a quote or a backslash goes, all others stay. */
export function unquoteText(quoted: string): string {
  return quoted.slice(1, -1).replace(ESCAPE, "$1");
}

/** A backslash that would carry away what follows it: a quote, another backslash, or the closing quote. */
const AMBIGUOUS_BACKSLASH = /\\(?=["'\\]|$)/g;

/** Puts double quotes around a text. Only backslashes that need one get a second, so that patterns stay readable. */
export function quoteText(text: string): string {
  return `"${text.replace(AMBIGUOUS_BACKSLASH, "\\\\").replaceAll('"', '\\"')}"`;
}
