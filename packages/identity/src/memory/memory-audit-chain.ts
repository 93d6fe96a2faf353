import { type AuditEntry, type AuditHead, type AuditLink, EMPTY_AUDIT_HEAD, LottyError } from "@lotty/domain";

/** Keeps a chain of changes in memory. */
export class MemoryAuditChain {
  #entries: readonly AuditEntry[] = [];

  /** Everything that is on record. */
  get entries(): readonly AuditEntry[] {
    return this.#entries;
  }

  append(link: AuditLink): void {
    const head: AuditHead = this.#entries.at(-1) ?? EMPTY_AUDIT_HEAD;
    const added = link({ sequence: head.sequence, hash: head.hash });
    if (added.length === 0) throw new LottyError("internal", "A change without an entry on record.");
    this.#entries = [...this.#entries, ...added];
  }
}
