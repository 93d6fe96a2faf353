import type { Experiment, Flag, Segment } from "@lotty/domain";
import { attributesDigest } from "@lotty/engine";

/** A version of an experiment and of its flag, in one environment. */
export interface ExperimentOnFlag {
  readonly flag: Flag;
  readonly experiment: Experiment;
  /** The segments that the experiment's rule rests on. */
  readonly segments: readonly Segment[];
}

/** What a kept outcome is found by, beside the flag and its experiment. */
export interface CacheKeyParts {
  readonly environmentId: string;
  readonly subjectId: string;
  /** A SHA-256 in hex. */
  readonly attributesDigest: string;
}

/** The part of the key that all subjects share, made once for each version. */
const scopes = new WeakMap<ExperimentOnFlag, string>();

/**
 * The key of a cached decision: everything that an outcome after the history gate follows from, apart from the history
 * itself. Only the last of its three parts varies in length, so no two different decisions share a key.
 */
export function decisionCacheKey(version: ExperimentOnFlag, parts: CacheKeyParts): string {
  let scope = scopes.get(version);
  if (scope === undefined) {
    scope = scopeOf(version, parts.environmentId);
    scopes.set(version, scope);
  }
  return `${scope}:${parts.attributesDigest}:${parts.subjectId}`;
}

function scopeOf({ experiment, flag, segments }: ExperimentOnFlag, environmentId: string): string {
  return attributesDigest({
    environment: environmentId,
    flag: [flag.id, flag.key, flag.version, flag.updatedAt],
    experiment: [experiment.id, experiment.status, experiment.version, experiment.updatedAt],
    segments: segments.map(({ id, version, updatedAt }) => [id, version, updatedAt]),
  });
}
