import {
  DEFAULT_ENVIRONMENT_ID,
  type Configuration,
  type ConfigurationChange,
  type ConfigurationSource,
  type ConfigurationWriter,
  type FlagRule,
  type JsonObject,
} from "@lotty/domain";
import { attributes, configurations } from "./configuration.ts";
import fc from "fast-check";

/** Something that happens in a world in which people decide and change things. */
export type Happening =
  | { readonly kind: "decide"; readonly calls: readonly Call[] }
  | { readonly kind: "change"; readonly to: Configuration }
  | { readonly kind: "wait"; readonly micros: number };

/** One call for some flags of a subject. */
export interface Call {
  readonly subject: number;
  readonly attributes: number;
  readonly flags: readonly number[];
}

const HOUR = 3_600_000_000;

/** A few subjects, so that they run into the limits, with few different attributes, so that outcomes are found in caches. */
const SUBJECTS = 3;
const ATTRIBUTES = 3;
const FLAGS = 8;

const ruled: fc.Arbitrary<FlagRule> = fc.record({
  id: fc.uuid({ version: 4 }),
  targetingRules: fc.constantFrom(null, 'country == "DE"', "country =="),
  value: fc.constantFrom("one", "two"),
  rollout: fc.constantFrom(0, 2_500, 5_000, 10_000),
});

/** Configurations whose flags may have rules or be switched off. */
const worlds: fc.Arbitrary<Configuration> = fc
  .tuple(
    configurations,
    fc.array(fc.array(ruled, { maxLength: 2 }), { minLength: FLAGS, maxLength: FLAGS }),
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: FLAGS, maxLength: FLAGS }),
  )
  .map(([configuration, rules, chances]) => ({
    ...configuration,
    flags: configuration.flags.map((flag, index) => ({
      ...flag,
      enabled: chances[index] !== 0,
      rules: rules[index] ?? [],
      defaultValue: `default ${(chances[index] ?? 0) % 2}`,
    })),
  }));

const call: fc.Arbitrary<Call> = fc.record({
  subject: fc.nat({ max: SUBJECTS - 1 }),
  attributes: fc.nat({ max: ATTRIBUTES - 1 }),
  flags: fc.uniqueArray(fc.nat({ max: FLAGS - 1 }), { minLength: 1, maxLength: 4 }),
});

/** What happens, and the attributes that calls name by their place. */
export interface Story {
  readonly attributes: readonly JsonObject[];
  readonly happenings: readonly Happening[];
}

/** What may happen. */
export const stories: fc.Arbitrary<Story> = fc.record({
  attributes: fc.array(attributes, { minLength: ATTRIBUTES, maxLength: ATTRIBUTES }),
  happenings: fc
    .array(
      fc.oneof(
        {
          weight: 8,
          arbitrary: fc
            .array(call, { minLength: 1, maxLength: 2 })
            .map((calls): Happening => ({ kind: "decide", calls })),
        },
        { weight: 1, arbitrary: worlds.map((to): Happening => ({ kind: "change", to })) },
        {
          weight: 2,
          arbitrary: fc
            .constantFrom(0, 500, 1_000, HOUR, 100 * HOUR)
            .map((micros): Happening => ({ kind: "wait", micros })),
        },
      ),
      { minLength: 20, maxLength: 60 },
    )
    .chain((rest) => worlds.map((to): Happening[] => [{ kind: "change", to }, ...rest])),
});

/** Writes a configuration in place of what is there: as new versions of what stays, and without what is gone. */
export async function changeTo(
  store: ConfigurationSource & ConfigurationWriter,
  to: Configuration,
  now: number,
): Promise<void> {
  const from = await store.load(DEFAULT_ENVIRONMENT_ID);
  const removed = (
    have: readonly { readonly id: string }[],
    want: readonly { readonly id: string }[],
  ): readonly string[] => have.filter(({ id }) => !want.some((each) => each.id === id)).map(({ id }) => id);
  const version = from.revision + 1;
  const change: ConfigurationChange = {
    putFlags: to.flags.map((flag) => ({ ...flag, version, updatedAt: now })),
    // Those that are gone from the new configuration stay: subjects may take part in them.
    putExperiments: to.experiments.map((experiment) => ({ ...experiment, version, updatedAt: now })),
    putDomains: to.domains,
    removeDomainIds: removed(from.domains, to.domains),
  };
  await store.apply(DEFAULT_ENVIRONMENT_ID, change, from.revision);
}
