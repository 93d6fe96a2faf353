import { MICROS_PER_DAY } from "@lotty/domain";
import { Counter, Gauge, type Registry } from "prom-client";
import type { Runtime } from "../composition/runtime.ts";
import type { Job } from "./job.ts";

/** What the jobs need of a runtime. */
export interface EventJobParts extends Pick<Runtime, "clock" | "config"> {
  readonly storage: Pick<Runtime["storage"], "kind" | "events">;
  readonly metrics: { readonly registry: Registry };
}

/** Rows of one statement. */
const ROWS = 1_000;

/** The embedded database works on the thread of the event loop. */
const EMBEDDED_ROWS = 100;

/** Looks for the decisions of exposures that came before them. Every process may, beside the others. */
export function pendingExposuresJob({ clock, config, metrics, storage }: EventJobParts): Job {
  const limit = rowsOf(storage.kind);
  const { count, setWaiting } = pendingMetrics(metrics.registry);
  return {
    name: "pending_exposures",
    everySeconds: 5,
    exclusive: false,
    run: async () => {
      const now = clock.now();
      const giveUpBefore = now - config.events.pendingDays * MICROS_PER_DAY;
      const progress = await storage.events.pendingExposures.resolve({ now, giveUpBefore, limit });
      for (const outcome of OUTCOMES) count(outcome, progress[outcome]);
      const looked = progress.counted + progress.refused + progress.expired + progress.waiting;
      if (looked === limit) return "more";
      setWaiting(await storage.events.pendingExposures.waiting());
      return "done";
    },
  };
}

const OUTCOMES = ["counted", "refused", "expired"] as const;

interface PendingMetrics {
  readonly count: (outcome: (typeof OUTCOMES)[number], exposures: number) => void;
  readonly setWaiting: (exposures: number) => void;
}

function pendingMetrics(registry: Registry): PendingMetrics {
  const settled = new Counter({
    name: "lotty_pending_exposures_settled_total",
    help: "Exposures that came before their decision, by what became of them; expired: the decision did not come in time.",
    labelNames: ["outcome"] as const,
    registers: [registry],
  });
  const waiting = new Gauge({
    name: "lotty_pending_exposures",
    help: "Exposures that wait for their decision, when it was last looked.",
    registers: [registry],
  });
  for (const outcome of OUTCOMES) settled.inc({ outcome }, 0);
  return {
    count: (outcome, exposures) => settled.inc({ outcome }, exposures),
    setWaiting: (exposures) => waiting.set(exposures),
  };
}

/** Removes events that were received too long ago, where a limit is set. */
export function eventRetentionJob({ clock, config, storage }: EventJobParts): Job {
  const limit = rowsOf(storage.kind);
  const { retentionDays } = config.events;
  return {
    name: "event_retention",
    everySeconds: 600,
    exclusive: true,
    run: async () => {
      if (retentionDays === null) return "done";
      const before = clock.now() - retentionDays * MICROS_PER_DAY;
      const removed = await storage.events.retention.removeBefore(before, limit);
      return removed === limit ? "more" : "done";
    },
  };
}

function rowsOf(kind: EventJobParts["storage"]["kind"]): number {
  return kind === "pglite" ? EMBEDDED_ROWS : ROWS;
}
