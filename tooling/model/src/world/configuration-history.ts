import type { ModelConfiguration } from "../oracle/configuration.ts";
import type { Troubles } from "./troubles.ts";

/** A revision and when it came. Times in milliseconds since the epoch. */
export interface Revision {
  readonly configuration: ModelConfiguration;
  /** What it changed, in a few words. */
  readonly what: string;
  /** The earliest moment at which somebody may have seen it. */
  readonly begunAt: number;
  /** When its writer was told that it is written. */
  readonly knownAt: number;
}

/**
 * Why a revision may have been decided by.
 *
 * - `current`: no later one was acknowledged before the request began.
 * - `prompt`: a later one was, less than the promised time before.
 * - `outage`: a later one was earlier than that, but since then the process could not have heard of it.
 */
export type Freshness = "current" | "prompt" | "outage";

/** A revision that may explain an answer. */
export interface CandidateRevision {
  readonly revision: Revision;
  readonly freshness: Freshness;
}

/** When and by whom an answer was given. */
export interface AnswerSpan {
  readonly process: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** A change reaches every process within this time, says docs/decision-semantics.md. */
export const PROMISED_MILLIS = 1_000;

/** What the configuration was, and when. */
export class ConfigurationHistory {
  readonly #revisions: Revision[] = [];
  readonly #troubles: Troubles;
  readonly #promisedMillis: number;

  constructor(troubles: Troubles, promisedMillis = PROMISED_MILLIS) {
    this.#troubles = troubles;
    this.#promisedMillis = promisedMillis;
  }

  add(revision: Revision): void {
    this.#revisions.push(revision);
  }

  get size(): number {
    return this.#revisions.length;
  }

  get newest(): Revision | undefined {
    return this.#revisions.at(-1);
  }

  /** The revisions that may have decided an answer, the newest first. */
  candidates({ endedAt, process, startedAt }: AnswerSpan): readonly CandidateRevision[] {
    const found: CandidateRevision[] = [];
    for (let index = this.#revisions.length - 1; index >= 0; index -= 1) {
      const revision = this.#revisions[index];
      if (revision === undefined || revision.begunAt > endedAt) continue;
      const next = this.#revisions[index + 1];
      const freshness = this.#freshness(next, process, startedAt);
      // Whatever is older has been out of date for even longer.
      if (freshness === null) break;
      found.push({ revision, freshness });
    }
    return found;
  }

  #freshness(next: Revision | undefined, process: string, startedAt: number): Freshness | null {
    if (next === undefined || next.knownAt >= startedAt) return "current";
    const promised = next.knownAt + this.#promisedMillis;
    if (promised >= startedAt) return "prompt";
    return this.#troubles.lastFrom({ process, from: next.begunAt, to: promised }) >= startedAt ? "outage" : null;
  }
}
