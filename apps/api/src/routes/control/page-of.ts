import { cursorOf } from "@lotty/contracts";

/** A page of things in the order of their ids. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

/**
 * Cuts a page out of things that have an id, after the one at the cursor. What is added or removed meanwhile moves nothing to another
 * page.
 */
export function pageOf<T extends { readonly id: string }>(
  all: readonly T[],
  { cursor, limit }: { readonly cursor?: string; readonly limit: number },
): Page<T> {
  const rest = all
    .filter(({ id }) => cursor === undefined || id > cursor)
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: last === undefined || rest.length <= limit ? null : cursorOf(last.id) };
}
