import { valueHasType, type Flag } from "./flag.ts";

/**
 * A flag in another environment, after it was written in one. Its id, key and type are the same everywhere; its state is not.
 * Where it is new it is switched off and gives the default value that it was made with. Where nobody has set it up yet, a
 * default value that no longer has the flag's type is replaced by the one from here.
 *
 * @param here the flag as it was written
 * @param there the flag as it is in the other environment
 * @param said whether something that is said about the flag was written as well: the version counts for that, too
 * @returns `undefined` when nothing changes there
 */
export function flagElsewhere(here: Flag, there: Flag | undefined, said: boolean): Flag | undefined {
  const { key, updatedAt, valueType } = here;
  if (there === undefined) return { ...here, enabled: false, rules: [], version: 1 };
  if (!said && there.key === key && there.valueType === valueType) return undefined;
  const fits = valueHasType(there.defaultValue, valueType) || !isIdle(there);
  const defaultValue = fits ? there.defaultValue : here.defaultValue;
  return { ...there, key, valueType, defaultValue, version: there.version + 1, updatedAt };
}

/** Whether nobody has set a flag up in an environment: it gives its default value to everyone. */
function isIdle({ enabled, rules }: Flag): boolean {
  return !enabled && rules.length === 0;
}
