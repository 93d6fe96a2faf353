import type { Experiment, Flag } from "@lotty/domain";

/** Everything that an outcome after the history gate follows from, apart from the history itself. */
export interface CacheKeyParts {
  readonly environmentId: string;
  readonly flag: Flag;
  readonly experiment: Experiment;
  readonly subjectId: string;
  readonly attributesDigest: string;
}

/**
 * The key of a cached decision. Every free text is preceded by its length, so that no two different decisions share a
 * key, whatever characters flag keys and subject ids have.
 */
export function decisionCacheKey(parts: CacheKeyParts): string {
  const { environmentId, experiment, flag } = parts;
  const flagRevision = `${flag.id}.${flag.version}.${flag.updatedAt}`;
  const experimentRevision = `${experiment.id}.${experiment.status}.${experiment.version}.${experiment.updatedAt}`;
  return [environmentId, flag.key, parts.subjectId, parts.attributesDigest, flagRevision, experimentRevision]
    .map((part) => `${part.length}:${part}`)
    .join("|");
}
