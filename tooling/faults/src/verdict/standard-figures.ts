import type { Fault, Outcome } from "../fault.ts";
import { atMost, exactly, type Figure } from "./figure.ts";

/** What has to hold after every fault: nothing lost, nothing twice, nobody had to step in. */
export function standardFigures(fault: Fault, outcome: Outcome): readonly Figure[] {
  const { counts, drainSeconds, surprises } = outcome;
  const { missing, duplicates } = counts;
  return [
    atMost("missing committed", missing.committed, fault.committedLoss?.(outcome) ?? 0),
    exactly("missing spooled", missing.spooled, 0),
    atMost("missing queued", missing.queued, fault.queuedLoss?.(outcome) ?? 0),
    exactly("duplicates", duplicates.committed + duplicates.spooled + duplicates.queued, 0),
    exactly("rows of something else", counts.wrong, 0),
    exactly("processes that ended by themselves", surprises.length, 0),
    {
      name: "drained without help",
      wanted: "yes",
      got: drainSeconds === null ? "no" : "yes",
      holds: drainSeconds !== null,
    },
  ];
}
