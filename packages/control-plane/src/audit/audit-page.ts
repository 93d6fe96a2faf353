import type { AuditEntry, ControlPlaneStore } from "@lotty/domain";

/** Entries that one page looks at, at most: a filter that finds nothing must not read the whole chain at once. */
const MAX_LOOKED_AT = 5_000;

/** Entries that are read at a time. */
const BATCH = 500;

/** Which part of the record is asked for. */
export interface AuditPageQuestion {
  /** Most entries on the page. */
  readonly limit: number;
  /** Place in the chain before which the page begins; the end of the chain when absent. */
  readonly before?: number;
  readonly isWanted: (entry: AuditEntry) => boolean;
}

/** A part of the record. */
export interface AuditPage {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** Place before which the next page begins; `null` when nothing is left. */
  readonly next: number | null;
}

/** A page of the record, newest first. The chain has no gaps, so places in it can be counted. */
export async function auditPage(
  store: Pick<ControlPlaneStore, "auditEntries" | "auditHead">,
  question: AuditPageQuestion,
): Promise<AuditPage> {
  const { isWanted, limit } = question;
  const end = question.before ?? (await store.auditHead()).sequence + 1;
  const floor = Math.max(1, end - MAX_LOOKED_AT);
  const found: AuditEntry[] = [];
  let before = end;
  while (before > floor && found.length < limit) {
    const first = Math.max(floor, before - BATCH);
    const entries = await store.auditEntries(first - 1, before - first);
    found.push(...entries.toReversed().filter(isWanted));
    before = first;
  }
  const entries = found.slice(0, limit);
  const last = entries.length < found.length ? entries.at(-1)?.sequence : undefined;
  const next = last ?? before;
  return { entries, next: next > 1 ? next : null };
}
