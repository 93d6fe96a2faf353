import type { DecisionReason } from "../reason.ts";

/** Counts what decisions do. */
export interface DecisionMetrics {
  /** One decision was taken. */
  decided(reason: DecisionReason): void;
  /** A targeting rule could not be parsed or evaluated and took nobody. */
  ruleFault(kind: "parse" | "evaluation"): void;
  /** The decision cache was asked. */
  cacheLookup(result: "hit" | "miss" | "error"): void;
  /**
   * A decision was handed over to be kept. `sync_fallback`: the stream refused, the database took it. `spool`: the database
   * was away, the disk took it.
   */
  recorded(way: "sync" | "async" | "sync_fallback" | "spool" | "disabled"): void;
  /** A first assignment was taken again because the subject's history had changed meanwhile. */
  historyConflict(): void;
}
