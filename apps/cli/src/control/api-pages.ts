/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** Reads pages until there are no more, or enough. */
export async function allOf<T>(
  read: (cursor: string | undefined) => Promise<Page<T>>,
  limit: number = Infinity,
): Promise<readonly T[]> {
  const all: T[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null && all.length < limit) {
    const page = await read(cursor);
    all.push(...page.items);
    cursor = page.next;
  }
  return all.slice(0, limit);
}

/** A query of what is given, with its question mark; nothing when nothing is. */
export function queryOf(given: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? "" : `?${query.toString()}`;
}
