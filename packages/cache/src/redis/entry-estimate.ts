import { FULL_ENTRY_DECISIONS } from "./stream-entry-codec.ts";

/** How many times what was asked for may come at worst, when small entries are followed by full ones. */
const GREATEST_EXCESS = 10;

/** Tells how many entries to ask the server for, which knows nothing of the decisions in them. Begins with full entries. */
export class EntryEstimate {
  #decisionsPerEntry = FULL_ENTRY_DECISIONS;

  /** Entries that hold so many decisions or fewer, if they are like the last ones; at least 1. */
  entriesFor(decisions: number): number {
    const most = Math.ceil((GREATEST_EXCESS * decisions) / FULL_ENTRY_DECISIONS);
    return Math.max(1, Math.min(most, Math.floor(decisions / this.#decisionsPerEntry)));
  }

  /** Whether another entry has room among so many decisions. */
  hasRoom(decisions: number): boolean {
    return decisions >= this.#decisionsPerEntry;
  }

  /** Learns from the entries that have come. */
  learn(entries: number, decisions: number): void {
    if (entries > 0) this.#decisionsPerEntry = decisions / entries;
  }
}
