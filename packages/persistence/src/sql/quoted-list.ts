/** Writes names of our own (never input) as a list of SQL texts. */
export function quotedList(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(", ");
}
