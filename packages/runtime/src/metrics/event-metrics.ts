import { EVENT_OUTCOMES, type EventMetrics } from "@lotty/domain";
import { REJECTION_CODES } from "@lotty/events";
import { Counter, type Registry } from "prom-client";

/** Counts events in a registry. Every label value is there from the start at 0. Use once per registry. */
export function createEventMetrics(registry: Registry): EventMetrics {
  const taken = new Counter({
    name: "lotty_events_total",
    help: "Events that were sent, by what became of them; conflict: a duplicate that says something else; queued: a worker will tell.",
    labelNames: ["outcome"] as const,
    registers: [registry],
  });
  const rejected = new Counter({
    name: "lotty_events_rejected_total",
    help: "Events that were rejected, by why.",
    labelNames: ["code"] as const,
    registers: [registry],
  });
  const refused = new Counter({
    name: "lotty_event_queue_refusals_total",
    help: "Batches of events that the stream did not take, so that the database had to at once.",
    registers: [registry],
  });
  for (const outcome of [...EVENT_OUTCOMES, "rejected"]) taken.inc({ outcome }, 0);
  for (const code of REJECTION_CODES) rejected.inc({ code }, 0);
  return {
    taken: (outcome) => taken.inc({ outcome }),
    rejected: (code) => {
      taken.inc({ outcome: "rejected" });
      rejected.inc({ code });
    },
    queueRefused: () => refused.inc(),
  };
}
