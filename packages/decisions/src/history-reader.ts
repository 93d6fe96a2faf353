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
  const { environmentId, subjectId } = subject;
  const { historyCache: cache, outageHistory = null } = ports;
  if (cache === null) return load(subject, undefined, ports);
  let kept: SubjectHistory | undefined;
  try {
    kept = await cache.get(environmentId, subjectId);
  } catch (error) {
    ports.logger.debug("history_cache_failed", { error });
  }
  if (kept !== undefined) outageHistory?.note(subject, kept);
  if (kept !== undefined && outageHistory?.isWhole !== false) return { history: kept, degraded: false };
  const loadAndKeep = async (): Promise<KnownHistory> => {
    const loaded = await load(subject, kept, ports);
    if (!loaded.degraded) {
      const whole = { history: loaded.history, ttlSeconds: ports.historyCacheTtlSeconds };
      await quietly(ports.logger, () => cache.put(environmentId, subjectId, whole));
    }
    return loaded;
  };
  return ports.historyLoads?.share(subjectKey(subject), loadAndKeep) ?? loadAndKeep();
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
