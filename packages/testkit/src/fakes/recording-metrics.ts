import type { DecisionMetrics, DecisionReason } from "@lotty/domain";

/** Keeps what is counted. */
export class RecordingMetrics implements DecisionMetrics {
  readonly decisions: DecisionReason[] = [];
  readonly ruleFaults: ("parse" | "evaluation")[] = [];
  readonly cacheLookups: ("hit" | "miss" | "error")[] = [];
  readonly recordings: ("sync" | "async" | "sync_fallback" | "spool" | "disabled")[] = [];
  historyConflicts = 0;

  decided(reason: DecisionReason): void {
    this.decisions.push(reason);
  }

  ruleFault(kind: "parse" | "evaluation"): void {
    this.ruleFaults.push(kind);
  }

  cacheLookup(result: "hit" | "miss" | "error"): void {
    this.cacheLookups.push(result);
  }

  recorded(way: "sync" | "async" | "sync_fallback" | "spool" | "disabled"): void {
    this.recordings.push(way);
  }

  historyConflict(): void {
    this.historyConflicts += 1;
  }
}
