import type { FoldBacklog } from "@lotty/persistence";
import { Gauge, type Registry } from "prom-client";

/**
 * Shows how far folding is, asked at each scrape; not a number, and nothing that waits, while the database cannot be asked. Use once per
 * registry.
 */
export function exposeFolding(registry: Registry, backlog: () => Promise<FoldBacklog>): void {
  let asked: Promise<FoldBacklog | undefined> | undefined;
  /** One look for both gauges of a scrape, which are collected at the same time. */
  const look = (): Promise<FoldBacklog | undefined> => {
    asked ??= backlog()
      .catch(() => undefined)
      .finally(() => {
        asked = undefined;
      });
    return asked;
  };
  const waiting: Gauge<"what"> = new Gauge({
    name: "lotty_fold_waiting",
    help: "What waits to be folded into the measures of metrics: subjects with events, days whose sums have changed.",
    labelNames: ["what"] as const,
    registers: [registry],
    collect: async () => {
      const found = await look();
      // An old figure would look like a fresh one.
      waiting.reset();
      if (found === undefined) return;
      waiting.set({ what: "subjects" }, found.subjects);
      waiting.set({ what: "days" }, found.days);
    },
  });
  const lag: Gauge = new Gauge({
    name: "lotty_fold_lag_seconds",
    help: "Age of the watermark: events received before it are in the results.",
    registers: [registry],
    collect: async () => lag.set((await look())?.lagSeconds ?? NaN),
  });
}
