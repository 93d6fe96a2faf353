import type { SubjectHistory } from "@lotty/domain";

/**
 * What the database compares a history by: the ids of its experiments, sorted, joined by commas. Lower-case UUIDs sort as
 * text as they do as values. An empty history gives the empty text.
 */
export function historyFingerprint(history: SubjectHistory): string {
  return history
    .map(({ experimentId }) => experimentId)
    .toSorted()
    .join(",");
}
