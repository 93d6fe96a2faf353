import type { OfrepFacts } from "@lotty/contracts";
import type { AnsweredDecision } from "@lotty/decisions";
import type { Snapshot } from "@lotty/engine";

/** What a configuration knows about a decision that was taken with it. */
export function evaluationFacts({ experimentId, flag, variantId }: AnsweredDecision, snapshot: Snapshot): OfrepFacts {
  const variants = experimentId === null ? [] : (snapshot.experiments.get(experimentId)?.experiment.variants ?? []);
  return {
    flagVersion: snapshot.flags.get(flag)?.flag.version,
    variantName: variants.find(({ id }) => id === variantId)?.name,
  };
}
