/** Longest key, in UTF-16 units. */
const MAX_KEY_LENGTH = 256;

/** Why a text cannot be the key of something; `undefined` when it can. */
export function keyFault(key: string): string | undefined {
  if (key.trim() === "") return "A key is not blank.";
  if (key.length > MAX_KEY_LENGTH) return `A key has at most ${MAX_KEY_LENGTH} characters.`;
  return key.includes("\0") || !key.isWellFormed() ? "The key has characters that cannot be stored." : undefined;
}
