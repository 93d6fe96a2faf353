import type { AuditEntry, ControlPlaneStore } from "@lotty/domain";

/** Entries that are read at a time. */
const BATCH = 500;

/** Reads the chain from a place on to its end, bit by bit. */
export async function* chainEntries(
  store: Pick<ControlPlaneStore, "auditEntries">,
  afterSequence = 0,
): AsyncGenerator<AuditEntry> {
  let after = afterSequence;
  for (;;) {
    const entries = await store.auditEntries(after, BATCH);
    yield* entries;
    const last = entries.at(-1);
    if (last === undefined) return;
    after = last.sequence;
  }
}
