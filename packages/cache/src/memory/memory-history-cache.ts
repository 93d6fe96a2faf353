import type { Assignment, Clock, KeptHistory, SubjectHistory, SubjectHistoryCache } from "@lotty/domain";
import { ExpiringEntries } from "./expiring-entries.ts";

/** A history cache of this process alone: other processes' assignments show only when entries end. Never fails. */
export class MemoryHistoryCache implements SubjectHistoryCache {
  readonly #entries: ExpiringEntries<SubjectHistory>;

  constructor(clock: Clock, maxEntries: number) {
    this.#entries = new ExpiringEntries(clock, maxEntries);
  }

  get(environmentId: string, subjectId: string): Promise<SubjectHistory | undefined> {
    return Promise.resolve(this.getNow(environmentId, subjectId));
  }

  getNow(environmentId: string, subjectId: string): SubjectHistory | undefined {
    return this.#entries.get(keyOf(environmentId, subjectId));
  }

  put(environmentId: string, subjectId: string, { history, ttlSeconds }: KeptHistory): Promise<void> {
    this.#entries.set(keyOf(environmentId, subjectId), extended([], history), ttlSeconds);
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

/** A history with more assignments, each in the place of an earlier one of its experiment. Nobody can change it: all who ask get the same one. */
function extended(kept: SubjectHistory, assignments: readonly Assignment[]): SubjectHistory {
  const all = new Map(kept.map((assignment) => [assignment.experimentId, assignment]));
  for (const assignment of assignments) all.set(assignment.experimentId, Object.freeze({ ...assignment }));
  return Object.freeze([...all.values()]);
}
