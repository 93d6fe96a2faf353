import { LottyError } from "@lotty/domain";
import type { ShardKeys } from "./keys.ts";
import { RestingServers } from "./resting-servers.ts";

/** A shard whose turn it is, and the server that has it. */
export interface ShardTurn {
  readonly keys: ShardKeys;
  readonly server: string;
}

/**
 * Chooses the shard for each group of decisions: in turn, on the server with the least under way, so that a slow one does
 * not hold up the others, and not on one that failed a moment ago as long as there is another.
 */
export class ShardRotation {
  readonly #shards: readonly ShardKeys[];
  readonly #serverOf: (shard: ShardKeys) => string;
  readonly #resting: RestingServers;
  readonly #underWay = new Map<string, number>();
  #turn = 0;

  /** @param now a steady clock in milliseconds */
  constructor(shards: readonly ShardKeys[], serverOf: (shard: ShardKeys) => string, now?: () => number) {
    this.#shards = shards;
    this.#serverOf = serverOf;
    this.#resting = new RestingServers(now);
  }

  /** The next one; with all servers at rest, one of theirs. */
  next(): ShardTurn {
    const turn = this.#choose((candidate) => this.#isAwake(candidate)) ?? this.#choose(() => true);
    if (turn === undefined) throw new LottyError("internal", "The decision stream has no shard.");
    return turn;
  }

  /** Another one for what the given one did not take; none when all others are at rest. */
  another({ keys }: ShardTurn): ShardTurn | undefined {
    return this.#choose((candidate) => candidate.keys !== keys && this.#isAwake(candidate));
  }

  /** Whether some server is not at rest. */
  get isAwake(): boolean {
    return this.#shards.some((keys) => this.#isAwake({ keys, server: this.#serverOf(keys) }));
  }

  /** Does something on a server, and remembers how that went. */
  async run<T>({ server }: ShardTurn, operation: () => Promise<T>): Promise<T> {
    this.#count(server, 1);
    try {
      const result = await operation();
      this.#resting.worked(server);
      return result;
    } catch (error) {
      this.#resting.failed(server);
      throw error;
    } finally {
      this.#count(server, -1);
    }
  }

  #choose(isEligible: (candidate: ShardTurn) => boolean): ShardTurn | undefined {
    let chosen: { readonly turn: ShardTurn; readonly load: number; readonly step: number } | undefined;
    for (const step of this.#shards.keys()) {
      const keys = this.#shards[(this.#turn + step) % this.#shards.length];
      if (keys === undefined) break;
      const turn = { keys, server: this.#serverOf(keys) };
      const load = this.#underWay.get(turn.server) ?? 0;
      if (isEligible(turn) && (chosen === undefined || load < chosen.load)) chosen = { turn, load, step };
      if (chosen?.load === 0) break;
    }
    if (chosen === undefined) return undefined;
    this.#turn = (this.#turn + chosen.step + 1) % this.#shards.length;
    return chosen.turn;
  }

  #isAwake({ server }: ShardTurn): boolean {
    return !this.#resting.isResting(server);
  }

  #count(server: string, change: number): void {
    this.#underWay.set(server, (this.#underWay.get(server) ?? 0) + change);
  }
}
