import type { ConflictDomain } from "@lotty/domain";

/**
 * Records in the order of their ids, with those that were touched replaced by what there is of them now. Nothing touched is the
 * very same list: whoever keeps what it made of the records sees by that that it still holds.
 */
export function replaceRecords<Item extends { readonly id: string }>(
  known: readonly Item[],
  touched: ReadonlySet<string>,
  current: readonly Item[],
): readonly Item[] {
  if (touched.size === 0) return known;
  const kept = known.filter(({ id }) => !touched.has(id));
  return [...kept, ...current].sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Domains without members that are gone. Those that lose none are the very same. */
export function withoutMembers(
  domains: readonly ConflictDomain[],
  experimentIds: ReadonlySet<string>,
): readonly ConflictDomain[] {
  const losesNone = ({ members }: ConflictDomain): boolean =>
    members.every(({ experimentId }) => !experimentIds.has(experimentId));
  if (experimentIds.size === 0 || domains.every(losesNone)) return domains;
  return domains.map((domain) =>
    losesNone(domain)
      ? domain
      : { ...domain, members: domain.members.filter(({ experimentId }) => !experimentIds.has(experimentId)) },
  );
}
