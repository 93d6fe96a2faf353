import { isDeepStrictEqual } from "node:util";
import type { Configuration, ConfigurationChange } from "@lotty/domain";

/** The change that turns one configuration into another. */
export function changeBetween(from: Configuration, to: Configuration): ConfigurationChange {
  return {
    putFlags: changed(from.flags, to.flags),
    putExperiments: changed(from.experiments, to.experiments),
    putDomains: changed(from.domains, to.domains),
    removeFlagIds: gone(from.flags, to.flags),
    removeExperimentIds: gone(from.experiments, to.experiments),
    removeDomainIds: gone(from.domains, to.domains),
  };
}

interface Identified {
  readonly id: string;
}

function changed<T extends Identified>(from: readonly T[], to: readonly T[]): readonly T[] {
  const before = new Map(from.map((item) => [item.id, item]));
  return to.filter((item) => !isDeepStrictEqual(before.get(item.id), item));
}

function gone(from: readonly Identified[], to: readonly Identified[]): readonly string[] {
  const after = new Set(to.map((item) => item.id));
  return from.filter((item) => !after.has(item.id)).map((item) => item.id);
}
