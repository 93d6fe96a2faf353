import type { Assignment, Logger, SubjectHistory, SubjectHistoryCache, SubjectHistorySource } from "@lotty/domain";

/** What reading histories works with. */
export interface HistoryPorts {
  readonly history: SubjectHistorySource;
  /** Null where histories are always read from the store. */
  readonly historyCache: SubjectHistoryCache | null;
  readonly historyCacheTtlSeconds: number;
  readonly logger: Logger;
}

/** A subject in an environment. */
export interface SubjectRef {
  readonly environmentId: string;
  readonly subjectId: string;
}

/**
 * Reads a history through its cache. A cache that is away costs time, nothing else.
 *
 * @throws LottyError `database_unavailable`
 */
export async function readHistory(subject: SubjectRef, ports: HistoryPorts): Promise<SubjectHistory> {
  const { environmentId, subjectId } = subject;
  const cache = ports.historyCache;
  if (cache === null) return ports.history.load(environmentId, subjectId);
  const kept = await quietly(ports.logger, () => cache.get(environmentId, subjectId));
  if (kept !== undefined) return kept;
  const history = await ports.history.load(environmentId, subjectId);
  await quietly(ports.logger, () => cache.put(environmentId, subjectId, history, ports.historyCacheTtlSeconds));
  return history;
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
  await quietly(ports.logger, () => {
    switch (news.kind) {
      case "assigned":
        return cache.merge(environmentId, subjectId, news.assignments);
      case "whole":
        return cache.put(environmentId, subjectId, news.history, ports.historyCacheTtlSeconds);
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
