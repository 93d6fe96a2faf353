/** Shortest password, in characters. OWASP's ASVS 5.0 (6.2.1) asks for 8 and recommends 15. */
export const MIN_PASSWORD_LENGTH = 12;

/** Longest password, in characters: more would only cost time. */
export const MAX_PASSWORD_LENGTH = 256;

/** What is wrong with a password. */
export type PasswordFault = "too_short" | "too_long" | "has_name" | "well_known";

/** What installations ship with and people type first, in lower case and without what is no letter or digit. */
const WELL_KNOWN: readonly string[] = [
  "123456789012",
  "adminadminadmin",
  "administrator",
  "changemechangeme",
  "changemeplease",
  "lottylottylotty",
  "passwordpassword",
  "qwertyuiopas",
];

/** Fewer different characters than this are a pattern. */
const MIN_DIFFERENT = 5;

/**
 * What speaks against a password: its length, a person's name in it, or that everybody would try it.
 *
 * @param name the name that its owner logs in with
 * @returns `undefined` for one that may be used
 */
export function passwordFault(password: string, name: string): PasswordFault | undefined {
  const characters = Array.from(password);
  if (characters.length < MIN_PASSWORD_LENGTH) return "too_short";
  if (characters.length > MAX_PASSWORD_LENGTH) return "too_long";
  const plain = password.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
  if (new Set(characters).size < MIN_DIFFERENT || WELL_KNOWN.includes(plain)) return "well_known";
  const rest = plain.replaceAll(name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "") || plain, "");
  return rest !== plain && Array.from(rest).length < MIN_PASSWORD_LENGTH / 2 ? "has_name" : undefined;
}
