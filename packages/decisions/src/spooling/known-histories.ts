import { mergeHistories, type SubjectHistory } from "@lotty/domain";
import { subjectKey, type SubjectRef } from "../subject-ref.ts";

/**
 * The last that was seen of the histories of recent subjects, however long ago: what is decided on while the store is away.
 * Subjects without assignments take no room.
 *
 * Kept in two halves: when the young one is full it becomes the old one, and the old one is forgotten, with whoever was not
 * seen since. A single map in the order of use would have to step over the places of all that it has deleted, which costs
 * hundreds of microseconds once it is full.
 */
export class KnownHistories {
  readonly #maxYoung: number;
  #young = new Map<string, SubjectHistory>();
  #old: ReadonlyMap<string, SubjectHistory> = new Map();
  #youngAssignments = 0;

  /** @param maxAssignments most assignments of all subjects together, at least 2: about 300 bytes each */
  constructor(maxAssignments: number) {
    this.#maxYoung = Math.floor(maxAssignments / 2);
  }

  /** What is known of a subject; empty when nothing is. */
  of(subject: SubjectRef): SubjectHistory {
    return this.#find(subjectKey(subject)) ?? [];
  }

  /** The store itself told the whole history. */
  replace(subject: SubjectRef, history: SubjectHistory): void {
    const key = subjectKey(subject);
    // An empty one is kept only to hide what was known before.
    if (history.length > 0 || this.#find(key) !== undefined) this.#keep(key, history);
  }

  /** Something more is known of a subject. */
  add(subject: SubjectRef, history: SubjectHistory): void {
    if (history.length === 0) return;
    const key = subjectKey(subject);
    const known = this.#find(key);
    this.#keep(key, known === undefined ? history : mergeHistories(known, history));
  }

  #find(key: string): SubjectHistory | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  #keep(key: string, history: SubjectHistory): void {
    const kept = this.#young.get(key);
    this.#youngAssignments += weightOf(history) - (kept === undefined ? 0 : weightOf(kept));
    this.#young.set(key, history);
    if (this.#youngAssignments > this.#maxYoung) this.#grow(key, history);
  }

  /** Makes the young half the old one, without what was one too many: that begins the next. */
  #grow(key: string, history: SubjectHistory): void {
    this.#young.delete(key);
    this.#old = this.#young;
    this.#young = new Map([[key, history]]);
    this.#youngAssignments = weightOf(history);
  }
}

function weightOf(history: SubjectHistory): number {
  return Math.max(1, history.length);
}
