import { DEFAULT_ENVIRONMENT_ID, type Configuration, type JsonObject, type Subject } from "@lotty/domain";

/** How many different subjects a round decides for. */
export const SUBJECTS = 100_000;

/** The rule of the benchmark: three clauses, about half of the subjects match. */
export const RULE = 'country IN ["DE", "FR", "US"] AND version >= 200 AND plan == "pro"';

const COUNTRIES = ["DE", "FR", "US", "GB"];

/** The same subjects every time. */
export const subjects: readonly Subject[] = Array.from({ length: SUBJECTS }, (_, index) => ({
  id: `user-${index}`,
  attributes: attributesOf(index),
}));

function attributesOf(index: number): JsonObject {
  return {
    country: COUNTRIES[index % 4] ?? "",
    version: 150 + ((index * 7) % 250),
    plan: index % 7 === 0 ? "free" : "pro",
  };
}

/** One flag with one experiment of two equal variants. */
export function oneFlag(trafficAllocation: number): Configuration {
  return {
    environmentId: DEFAULT_ENVIRONMENT_ID,
    revision: 1,
    flags: [
      {
        id: "f",
        key: "flag",
        valueType: "string",
        defaultValue: "off",
        enabled: true,
        rules: [],
        version: 1,
        updatedAt: 0,
      },
    ],
    experiments: [
      {
        id: "8f2d104a-04ed-4d97-a2ca-f290f1862142",
        key: "experiment",
        flagId: "f",
        status: "running",
        version: 1,
        updatedAt: 0,
        targetingRules: RULE,
        trafficAllocation,
        variants: [
          { id: "a", name: "control", value: "A", weight: 5_000, isControl: true },
          { id: "b", name: "treatment", value: "B", weight: 5_000, isControl: false },
        ],
        hashVersion: 1,
        stickyAssignment: false,
      },
    ],
    domains: [],
    segments: [],
  };
}

/** So many flags, each with an experiment as in {@link oneFlag}: `flag-0`, `flag-1` and so on. */
export function flagsOf(count: number, trafficAllocation: number, experiments: number = count): Configuration {
  const one = oneFlag(trafficAllocation);
  const indexes = Array.from({ length: count }, (_, index) => index);
  return {
    ...one,
    flags: indexes.flatMap((index) => one.flags.map((flag) => ({ ...flag, id: `f-${index}`, key: `flag-${index}` }))),
    experiments: indexes.slice(0, experiments).flatMap((index) =>
      one.experiments.map((experiment) => ({
        ...experiment,
        id: `8f2d104a-04ed-4d97-a2ca-${index.toString(16).padStart(12, "0")}`,
        key: `experiment-${index}`,
        flagId: `f-${index}`,
        // A text of its own for each: the same one again would be shared by what caches texts.
        targetingRules: `${RULE} AND version != ${1_000 + index}`,
        variants: experiment.variants.map((variant) => ({ ...variant, id: `${variant.id}-${index}` })),
      })),
    ),
  };
}
