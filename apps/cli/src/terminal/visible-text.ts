/** Characters that move the cursor, hide text or turn its direction. */
const INVISIBLE = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\n]]/gv;

/** Text from outside made safe to show: a key or value cannot steer the terminal or pass for something else. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
