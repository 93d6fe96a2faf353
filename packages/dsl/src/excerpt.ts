const MAX_LENGTH = 40;

/** Characters that would garble a message: controls, invisible marks, changes of writing direction, lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Quotes a stretch of a rule in a message: short, on one line and without characters that garble a terminal. */
export function excerpt(text: string): string {
  const points = Array.from(text.slice(0, MAX_LENGTH * 2));
  const short = points.length > MAX_LENGTH ? `${points.slice(0, MAX_LENGTH - 1).join("")}…` : points.join("");
  return `\`${printable(short)}\``;
}

/** Replaces unprintable characters one by one, so that columns stay where they are. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => (/\s/u.test(character) ? " " : "\uFFFD"));
}
