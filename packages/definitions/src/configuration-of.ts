import { DEFAULT_ENVIRONMENT_ID, LottyError, type Configuration } from "@lotty/domain";
import type { Definitions } from "./definitions.ts";
import { planChange } from "./plan-change.ts";

/**
 * The configuration that definitions stand for on their own, as if applied to an environment in which nothing was ever
 * stored: for deciding straight from a file. Ids come from the names, so every machine decides the same.
 */
export function configurationOf(definitions: Definitions): Configuration {
  const nothing: Configuration = {
    environmentId: DEFAULT_ENVIRONMENT_ID,
    revision: 0,
    flags: [],
    experiments: [],
    domains: [],
    segments: [],
  };
  const newId = (): string => {
    throw new LottyError("internal", "Definitions that are not stored need no new ids.");
  };
  const { change } = planChange(decidedBy(definitions), nothing, { now: 0, newId });
  return {
    ...nothing,
    flags: change.putFlags ?? [],
    experiments: change.putExperiments ?? [],
    domains: change.putDomains ?? [],
    segments: change.putSegments ?? [],
  };
}

/** What decisions depend on: who reviews, who is told and what is measured need people, webhooks and a catalogue that no file has. */
function decidedBy(definitions: Definitions): Definitions {
  return {
    ...definitions,
    experiments: definitions.experiments.map((experiment) => ({ ...experiment, plan: null, guardrails: null })),
    approverGroups: [],
    notificationRules: [],
  };
}
