import type { Assignment, SubjectHistory } from "../assignment.ts";

/** Reads what a subject takes part in. */
export interface SubjectHistorySource {
  /**
   * All assignments of a subject. One indexed read, however long the log of decisions is. May be a moment old: the
   * recorder checks again where it matters.
   *
   * @throws LottyError `database_unavailable`
   */
  load(environmentId: string, subjectId: string): Promise<SubjectHistory>;
}

/** A history to be kept. */
export interface KeptHistory {
  readonly history: SubjectHistory;
  /** How long from now, a positive whole number. */
  readonly ttlSeconds: number;
}

/** Keeps histories close at hand for a short while. An accelerator: losing entries costs time, never correctness. */
export interface SubjectHistoryCache {
  /**
   * The kept history; `undefined` when there is none, it is over, or it is damaged. An empty history is a history.
   *
   * @throws LottyError `cache_unavailable`
   */
  get(environmentId: string, subjectId: string): Promise<SubjectHistory | undefined>;

  /**
   * The kept history as {@link SubjectHistoryCache.get} gives it, of caches that hold it in memory and need nobody to tell;
   * absent in others.
   */
  getNow?(environmentId: string, subjectId: string): SubjectHistory | undefined;

  /** Keeps a history for a while. */
  put(environmentId: string, subjectId: string, kept: KeptHistory): Promise<void>;

  /** Adds or replaces assignments in the kept history, if there is one; its end does not move. */
  merge(environmentId: string, subjectId: string, assignments: readonly Assignment[]): Promise<void>;

  /** Forgets the kept history. */
  remove(environmentId: string, subjectId: string): Promise<void>;
}
