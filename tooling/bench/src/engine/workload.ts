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
    flags: [{ id: "f", key: "flag", valueType: "string", defaultValue: "off", version: 1, updatedAt: 0 }],
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
  };
}
