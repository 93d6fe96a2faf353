import { FULL_ALLOCATION, type ConfigurationChange, type Experiment, type Flag } from "@lotty/domain";
import { RULE } from "../engine/workload.ts";

/** How much there is. */
export interface ConfigurationSize {
  readonly flags: number;
  /** Running experiments, each on a flag of its own, from the first flag on. */
  readonly experiments: number;
}

/** Members of each conflict domain; a tenth of the experiments are in one. */
const MEMBERS = 10;

/** A configuration as one change: flags of which every third has a rule, experiments, domains, a segment that rules name. */
export function largeConfiguration({ experiments, flags }: ConfigurationSize): ConfigurationChange {
  const members = Array.from({ length: Math.floor(experiments / 10) }, (_, index) => index);
  return {
    putFlags: Array.from({ length: flags }, (_, index) => flagAt(index)),
    putExperiments: Array.from({ length: experiments }, (_, index) => experimentAt(index)),
    putDomains: Array.from({ length: Math.floor(members.length / MEMBERS) }, (_, domain) => ({
      id: idOf("d", domain),
      key: `domain-${domain}`,
      members: members
        .slice(domain * MEMBERS, (domain + 1) * MEMBERS)
        .map((index) => ({ experimentId: idOf("e", index), priority: index })),
    })),
    putSegments: [{ id: idOf("5", 0), key: "beta", rule: 'plan == "beta"', version: 1, updatedAt: 0 }],
  };
}

/** A flag as {@link largeConfiguration} has it, unless told otherwise. */
export function flagAt(index: number, given: Partial<Flag> = {}): Flag {
  const rule = { id: idOf("a", index), targetingRules: `IN SEGMENT "beta" AND version > ${index}`, value: "beta" };
  return {
    id: idOf("f", index),
    key: `flag-${index}`,
    valueType: "string",
    defaultValue: "off",
    enabled: true,
    rules: index % 3 === 0 ? [{ ...rule, rollout: FULL_ALLOCATION }] : [],
    version: 1,
    updatedAt: 0,
    ...given,
  };
}

function experimentAt(index: number): Experiment {
  return {
    id: idOf("e", index),
    key: `experiment-${index}`,
    flagId: idOf("f", index),
    status: "running",
    version: 1,
    updatedAt: 0,
    // A text of its own for each: the same one again would be shared by what caches texts.
    targetingRules: `${RULE} AND version != ${1_000 + index}`,
    trafficAllocation: FULL_ALLOCATION,
    variants: [
      { id: idOf("b", index), name: "control", value: "A", weight: 5_000, isControl: true },
      { id: idOf("c", index), name: "treatment", value: "B", weight: 5_000, isControl: false },
    ],
    hashVersion: 1,
    stickyAssignment: false,
  };
}

/** An id of a kind, which is a hexadecimal digit. */
function idOf(kind: string, index: number): string {
  return `${kind.repeat(8)}-0000-4000-8000-${index.toString(16).padStart(12, "0")}`;
}
