import type { Instant } from "@lotty/domain";

/** A record that takes the place of an older one of the same thing. */
export function nextVersion<T extends { readonly version: number; readonly updatedAt: Instant }>(
  record: T,
  now: Instant,
): T {
  return { ...record, version: record.version + 1, updatedAt: now };
}
