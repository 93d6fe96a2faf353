import type { Assignment, Logger, SubjectHistory, SubjectHistoryCache, SubjectHistorySource } from "@lotty/domain";
import type { KnownHistory, SpoolingHistory } from "./spooling/spooling-history.ts";
import type { SharedLoads } from "./shared-loads.ts";
import { subjectKey, type SubjectRef } from "./subject-ref.ts";

/** What reading histories works with. */
export interface HistoryPorts {
  readonly history: SubjectHistorySource;
  /** Null where histories are always read from the store. */
  readonly historyCache: SubjectHistoryCache | null;
  readonly historyCacheTtlSeconds: number;
  /** Lets calls that miss the cache at the same time share one look-up; the decider has its own when absent. */
  readonly historyLoads?: SharedLoads<KnownHistory>;
  /** Replaces `history` where decisions go on while the store is away. */
  readonly outageHistory?: SpoolingHistory | null;
  readonly logger: Logger;
}

/**
 * Reads a history through its cache. A cache that is away costs time, nothing else. While the store does not have
 * everything, what a cache has kept is not enough.
 *
 * @throws LottyError `database_unavailable`, unless there is an `outageHistory`
 */
export async function readHistory(subject: SubjectRef, ports: HistoryPorts): Promise<KnownHistory> {
  const kept = await keptHistory(subject, ports);
  return kept !== undefined && isEnough(ports) ? { history: kept, degraded: false } : loadHistory(subject, kept, ports);
}

/** The history that the cache has, if there is a cache, it answers, and it has one. */
export async function keptHistory(subject: SubjectRef, ports: HistoryPorts): Promise<SubjectHistory | undefined> {
  const { historyCache: cache, outageHistory = null } = ports;
  if (cache === null) return undefined;
  try {
    const kept = await cache.get(subject.environmentId, subject.subjectId);
    if (kept !== undefined) outageHistory?.note(subject, kept);
    return kept;
  } catch (error) {
    ports.logger.debug("history_cache_failed", { error });
    return undefined;
  }
}

/** Whether what a cache has kept can be believed: the store has everything that was decided. */
export function isEnough({ outageHistory = null }: HistoryPorts): boolean {
  return outageHistory?.isWhole !== false;
}

/**
 * Reads a history from the store and gives it to the cache.
 *
 * @param kept what the cache has, for when the store is away
 * @throws LottyError `database_unavailable`, unless there is an `outageHistory`
 */
export function loadHistory(
  subject: SubjectRef,
  kept: SubjectHistory | undefined,
  ports: HistoryPorts,
): Promise<KnownHistory> {
  const { historyCache: cache } = ports;
  if (cache === null) return load(subject, kept, ports);
  const loadAndKeep = async (): Promise<KnownHistory> => {
    const loaded = await load(subject, kept, ports);
    if (!loaded.degraded) {
      const whole = { history: loaded.history, ttlSeconds: ports.historyCacheTtlSeconds };
      await quietly(ports.logger, () => cache.put(subject.environmentId, subject.subjectId, whole));
    }
    return loaded;
  };
  return ports.historyLoads?.share(subjectKey(subject), loadAndKeep) ?? loadAndKeep();
}

/** What {@link readHistory} would give, if that is in memory and nobody has to be asked; else `undefined`. */
export function readHistoryNow(subject: SubjectRef, ports: HistoryPorts): KnownHistory | undefined {
  const kept = ports.historyCache?.getNow?.(subject.environmentId, subject.subjectId);
  // Not noted for an outage: it came into this process's memory by a look-up or a record, and was noted then.
  if (kept === undefined || !isEnough(ports)) return undefined;
  return { history: kept, degraded: false };
}

async function load(subject: SubjectRef, kept: SubjectHistory | undefined, ports: HistoryPorts): Promise<KnownHistory> {
  const { history, outageHistory = null } = ports;
  if (outageHistory !== null) return outageHistory.load(subject, kept);
  return { history: await history.load(subject.environmentId, subject.subjectId), degraded: false };
}

/** What is newly known about a subject's history. */
export type HistoryNews =
  | { readonly kind: "nothing" }
  | { readonly kind: "assigned"; readonly assignments: readonly Assignment[] }
  | { readonly kind: "whole"; readonly history: SubjectHistory }
  /** It has changed, but not all of the change is known. */
  | { readonly kind: "outdated" };

/** Brings the kept history up to what was just learnt. */
export async function learnHistory(subject: SubjectRef, news: HistoryNews, ports: HistoryPorts): Promise<void> {
  const cache = ports.historyCache;
  const { environmentId, subjectId } = subject;
  if (cache === null || news.kind === "nothing") return;
  ports.historyLoads?.forget(subjectKey(subject));
  await quietly(ports.logger, () => {
    switch (news.kind) {
      case "assigned":
        return cache.merge(environmentId, subjectId, news.assignments);
      case "whole":
        return cache.put(environmentId, subjectId, { history: news.history, ttlSeconds: ports.historyCacheTtlSeconds });
      case "outdated":
        return cache.remove(environmentId, subjectId);
    }
  });
}

async function quietly<T>(logger: Logger, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    logger.debug("history_cache_failed", { error });
    return undefined;
  }
}
