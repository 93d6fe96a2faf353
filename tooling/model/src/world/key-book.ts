import type { SeededRandom } from "@lotty/faults/seeded-random";
import type { EnvironmentKey } from "./environments.ts";

/** When something began to be done, and when whoever asked for it was told that it is. Milliseconds since the epoch. */
export interface Done {
  readonly begunAt: number;
  /** Infinite while nobody was told. */
  readonly knownAt: number;
}

/** A key of the run. */
export interface ModelKey {
  readonly id: string;
  readonly text: string;
  readonly environment: EnvironmentKey;
  readonly made: Done;
  /** `null` as long as nobody has tried to revoke it. */
  revoked: Done | null;
}

/** Of the keys that requests show, those that are revoked or about to be. */
const REVOKED_SHARE = 0.3;

/** Only the last ones are shown again. */
const REVOKED_SHOWN = 5;

/** The keys that were made in a run. */
export class KeyBook {
  readonly #keys: ModelKey[] = [];

  add(key: ModelKey): void {
    this.#keys.push(key);
  }

  /** Keys that nobody has revoked, the oldest first. */
  live(environment: EnvironmentKey): readonly ModelKey[] {
    return this.#keys.filter((key) => key.environment === environment && key.revoked === null);
  }

  /** A key for a request: mostly one that is good. `null` when there is none. */
  choose(environment: EnvironmentKey, random: SeededRandom): ModelKey | null {
    const live = this.live(environment);
    const revoked = this.#keys.filter((key) => key.environment === environment && key.revoked !== null);
    const wanted = random.next() < REVOKED_SHARE ? revoked.slice(-REVOKED_SHOWN) : live;
    return wanted.length === 0 ? null : random.pick(wanted);
  }

  get made(): number {
    return this.#keys.length;
  }

  get revoked(): number {
    return this.#keys.filter(({ revoked }) => revoked !== null).length;
  }
}
