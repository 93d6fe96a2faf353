import {
  isActive,
  MICROS_PER_DAY,
  type Configuration,
  type FlagDetails,
  type FlagUsage,
  type Instant,
} from "@lotty/domain";

/** A flag that nobody seems to need any more. */
export interface StaleFlag {
  readonly flagId: string;
  readonly key: string;
  /** Nobody asked for it, or everybody was given the same. */
  readonly reason: "not_decided" | "one_value";
  /** `null` when no decision was found: none is on record, or they are older than the days that were looked at. */
  readonly lastDecidedAt: Instant | null;
}

/** What is known about flags and their use. */
export interface StalenessQuestion {
  readonly configuration: Configuration;
  readonly details: readonly FlagDetails[];
  /** Values since `days` before `now`. */
  readonly usage: readonly FlagUsage[];
  readonly now: Instant;
  /** For how long a flag has to have been so, whole days from 1. */
  readonly days: number;
}

/**
 * Flags that could be removed from the code, in the order of the configuration. Never one with an active experiment, one that is
 * archived, or one that was changed within the days: what it gives now is not yet known.
 */
export function staleFlags(question: StalenessQuestion): readonly StaleFlag[] {
  const { configuration, now, days } = question;
  const since = now - days * MICROS_PER_DAY;
  const usage = new Map(question.usage.map((each) => [each.flagKey, each]));
  const archived = new Set(
    question.details.filter(({ archivedAt }) => archivedAt !== null).map(({ flagId }) => flagId),
  );
  const busy = new Set(configuration.experiments.filter(({ status }) => isActive(status)).map(({ flagId }) => flagId));
  return configuration.flags
    .filter(({ id, updatedAt }) => !archived.has(id) && !busy.has(id) && updatedAt <= since)
    .flatMap(({ id, key }): readonly StaleFlag[] => {
      const used = usage.get(key);
      const lastDecidedAt = used?.lastDecidedAt ?? null;
      const stale = { flagId: id, key, lastDecidedAt };
      if (lastDecidedAt === null || lastDecidedAt < since) return [{ ...stale, reason: "not_decided" }];
      return used?.values === 1 ? [{ ...stale, reason: "one_value" }] : [];
    });
}
