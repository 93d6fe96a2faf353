/**
 * What separates words and makes a rule blank: Unicode white space and the separators U+001C to U+001F, as in the
 * reference. U+FEFF and U+180E are not among it. For use inside a character class.
 */
export const WHITE_SPACE =
  "\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

const ONLY_WHITE_SPACE = new RegExp(`^[${WHITE_SPACE}]*$`);

/** Whether a text has nothing but white space. */
export function isBlank(text: string): boolean {
  return ONLY_WHITE_SPACE.test(text);
}
