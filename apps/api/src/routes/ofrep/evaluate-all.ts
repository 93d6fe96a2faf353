import { setImmediate } from "node:timers/promises";
import { type OfrepEvaluation, presentOfrepPreview } from "@lotty/contracts";
import { compareCodePoints, type Subject } from "@lotty/domain";
import type { Snapshot } from "@lotty/engine";
import { evaluationFacts } from "./evaluation-facts.ts";
import type { OfrepParts } from "./ofrep-parts.ts";

/** How all flags of a configuration come out for a subject. */
export interface EvaluatedFlags {
  readonly flags: readonly OfrepEvaluation[];
  /** Whether any of them rests on less than is known while the database is there. */
  readonly degraded: boolean;
}

/** Flags that are decided before other requests get a turn: about a millisecond. */
const FLAGS_IN_A_ROW = 500;

/**
 * Evaluates all flags of a snapshot without recording. Flags with a running experiment are decided in one call, because each
 * of them limits the next; the others depend on nobody and are taken in small portions, so that a large configuration does
 * not hold up other requests.
 */
export async function evaluateAll(snapshot: Snapshot, subject: Subject, parts: OfrepParts): Promise<EvaluatedFlags> {
  const { environmentId } = snapshot;
  const { contested, settled } = sortedKeys(snapshot);
  const flags: OfrepEvaluation[] = [];
  let degraded = false;
  const evaluate = async (keys: readonly string[]): Promise<void> => {
    for (const decision of await parts.decider.decideForFlags(keys, { subject, environmentId, peek: true })) {
      // Gone with a newer configuration that came meanwhile.
      if (decision.reason === "flag_not_found") continue;
      degraded ||= decision.degraded === true;
      flags.push(presentOfrepPreview(decision, evaluationFacts(decision, snapshot)));
    }
  };
  if (contested.length > 0) await evaluate(contested);
  for (let start = 0; start < settled.length; start += FLAGS_IN_A_ROW) {
    await setImmediate();
    await evaluate(settled.slice(start, start + FLAGS_IN_A_ROW));
  }
  return { flags, degraded };
}

interface SortedKeys {
  /** Of flags with a running experiment. */
  readonly contested: readonly string[];
  readonly settled: readonly string[];
}

const sorted = new WeakMap<Snapshot, SortedKeys>();

function sortedKeys(snapshot: Snapshot): SortedKeys {
  const known = sorted.get(snapshot);
  if (known !== undefined) return known;
  const keys = [...snapshot.flags.keys()].sort(compareCodePoints);
  const { contested = [], settled = [] } = Object.groupBy(keys, (key) =>
    snapshot.flags.get(key)?.running === null ? "settled" : "contested",
  );
  const made = { contested, settled };
  sorted.set(snapshot, made);
  return made;
}
