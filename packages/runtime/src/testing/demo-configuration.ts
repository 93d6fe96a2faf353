import type { Configuration, ConfigurationChange, Experiment, Flag } from "@lotty/domain";

const UPDATED_AT = 1_750_000_000_000_000;

/** A flag for everyone to be found by. */
export const CHECKOUT_FLAG: Flag = {
  id: "00000000-0000-7000-8000-0000000000f1",
  key: "checkout",
  valueType: "string",
  defaultValue: "classic",
  enabled: true,
  rules: [],
  version: 1,
  updatedAt: UPDATED_AT,
};

/** A running experiment on the flag that takes every subject in Norway. */
export const CHECKOUT_EXPERIMENT: Experiment = {
  id: "00000000-0000-7000-8000-0000000000e1",
  key: "checkout-one-page",
  flagId: CHECKOUT_FLAG.id,
  status: "running",
  version: 1,
  updatedAt: UPDATED_AT,
  targetingRules: 'country == "NO"',
  trafficAllocation: 10_000,
  variants: [
    { id: "00000000-0000-7000-8000-0000000000a1", name: "control", value: "classic", weight: 5_000, isControl: true },
    { id: "00000000-0000-7000-8000-0000000000a2", name: "one", value: "one-page", weight: 5_000, isControl: false },
  ],
  hashVersion: 1,
  stickyAssignment: false,
};

/** The change that puts the flag and its experiment into an empty store. */
export const FIRST_CHANGE: ConfigurationChange = {
  putFlags: [CHECKOUT_FLAG],
  putExperiments: [CHECKOUT_EXPERIMENT],
};

/** The change that gives the flag of a configuration another default value. */
export function changedDefault(configuration: Configuration, defaultValue: string): ConfigurationChange {
  const flag = configuration.flags.find(({ key }) => key === CHECKOUT_FLAG.key) ?? CHECKOUT_FLAG;
  return { putFlags: [{ ...flag, defaultValue, version: flag.version + 1, updatedAt: flag.updatedAt + 1 }] };
}
