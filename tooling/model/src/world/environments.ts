/** Where a run plays: flags are the same in both, and everything else is apart. */
export const ENVIRONMENTS = ["production", "staging"] as const;

/** Key of an environment of the run. */
export type EnvironmentKey = (typeof ENVIRONMENTS)[number];

/** One of something for each environment. */
export type PerEnvironment<Thing> = Readonly<Record<EnvironmentKey, Thing>>;

/** Makes one of something for each environment. */
export function perEnvironment<Thing>(make: (environment: EnvironmentKey) => Thing): PerEnvironment<Thing> {
  return { production: make("production"), staging: make("staging") };
}
