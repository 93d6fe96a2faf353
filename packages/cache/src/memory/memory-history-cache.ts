import type { Assignment, Clock, KeptHistory, SubjectHistory, SubjectHistoryCache } from "@lotty/domain";
import { ExpiringEntries } from "./expiring-entries.ts";

type ByExperiment = ReadonlyMap<string, Assignment>;

/** A history cache of this process alone: other processes' assignments show only when entries end. Never fails. */
export class MemoryHistoryCache implements SubjectHistoryCache {
  readonly #entries: ExpiringEntries<ByExperiment>;

  constructor(clock: Clock, maxEntries: number) {
    this.#entries = new ExpiringEntries(clock, maxEntries);
  }

  get(environmentId: string, subjectId: string): Promise<SubjectHistory | undefined> {
    return Promise.resolve(this.getNow(environmentId, subjectId));
  }

  getNow(environmentId: string, subjectId: string): SubjectHistory | undefined {
    const kept = this.#entries.get(keyOf(environmentId, subjectId));
    return kept === undefined ? undefined : [...kept.values()];
  }

  put(environmentId: string, subjectId: string, { history, ttlSeconds }: KeptHistory): Promise<void> {
    this.#entries.set(keyOf(environmentId, subjectId), extended(new Map(), history), ttlSeconds);
    return Promise.resolve();
  }

  merge(environmentId: string, subjectId: string, assignments: readonly Assignment[]): Promise<void> {
    this.#entries.update(keyOf(environmentId, subjectId), (kept) => extended(kept, assignments));
    return Promise.resolve();
  }

  remove(environmentId: string, subjectId: string): Promise<void> {
    this.#entries.delete(keyOf(environmentId, subjectId));
    return Promise.resolve();
  }
}

function keyOf(environmentId: string, subjectId: string): string {
  return `${environmentId.length}:${environmentId}${subjectId}`;
}

function extended(kept: ByExperiment, assignments: readonly Assignment[]): ByExperiment {
  const all = new Map(kept);
  for (const assignment of assignments) all.set(assignment.experimentId, Object.freeze({ ...assignment }));
  return all;
}
