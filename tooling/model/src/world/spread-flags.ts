import type { ModelDefinitions } from "../oracle/configuration.ts";

/** Keys of the flags that a change removes. */
export function flagsGone(before: ModelDefinitions, after: ModelDefinitions): readonly string[] {
  return missingIn(after, before).map(({ key }) => key);
}

/**
 * What a change of the flags in one environment makes of another, as docs/environments.md tells it: a new flag is there, too, switched off and
 * with the default value that it was made with; one that is removed is gone. `null` when nothing changes there.
 */
export function spreadFlags(
  { after, before }: { readonly before: ModelDefinitions; readonly after: ModelDefinitions },
  elsewhere: ModelDefinitions,
): ModelDefinitions | null {
  const come = missingIn(before, after);
  const gone = flagsGone(before, after);
  if (come.length === 0 && gone.length === 0) return null;
  const kept = elsewhere.flags.filter(({ key }) => !gone.includes(key));
  const added = come.map(({ default: value, key, type }) => ({ key, type, default: value, enabled: false }));
  return { ...elsewhere, flags: [...kept, ...added] };
}

function missingIn({ flags }: ModelDefinitions, other: ModelDefinitions): ModelDefinitions["flags"] {
  return other.flags.filter(({ key }) => !flags.some((flag) => flag.key === key));
}
