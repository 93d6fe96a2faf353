import { type Limiter, type LimiterSource, takePoints } from "./limiters.ts";

/** What a budget gives to each name. */
export interface BudgetPolicy {
  /** Names the budget in headers and stores. */
  readonly name: string;
  /** Requests in a window. */
  readonly points: number;
  readonly windowSeconds: number;
}

/** There is nothing left of a budget. */
export interface BudgetExceeded {
  readonly policy: BudgetPolicy;
  /** Until there is something again. */
  readonly retryMillis: number;
}

/** `undefined` for a request that may go on. At once, except for the first of each block. */
export type BudgetAnswer = BudgetExceeded | undefined | Promise<BudgetExceeded | undefined>;

/** Parts into which a window's points are divided. Each process may hold one part that it does not use. */
const BLOCKS = 100;

interface Account {
  /** Points that were taken from the limiter and not given away. */
  left: number;
  /** The limiter has no more. */
  spent: boolean;
  /** When the window ends, in the clock's milliseconds. */
  endsAt: number;
  /** Somebody takes a block at the moment. */
  taking: Promise<void> | undefined;
}

/**
 * Bounds requests by name. Points are taken from the limiter in blocks and given away from memory: taking each by itself
 * would cost a promise (1 µs) or a round trip to Redis.
 */
export class RequestBudget {
  readonly policy: BudgetPolicy;
  readonly #limiter: Limiter;
  readonly #now: () => number;
  readonly #block: number;
  readonly #accounts = new Map<string, Account>();
  #sweepAt = 0;

  /** @param now a clock in milliseconds that never goes back */
  constructor(policy: BudgetPolicy, limiters: LimiterSource, now: () => number = () => performance.now()) {
    this.policy = policy;
    this.#limiter = limiters(policy);
    this.#now = now;
    this.#block = Math.ceil(policy.points / BLOCKS);
  }

  /** Takes a point of a name's budget. */
  take(name: string): BudgetAnswer {
    const account = this.#accounts.get(name);
    if (account !== undefined) {
      const now = this.#now();
      if (now < account.endsAt) {
        if (account.left > 0) {
          account.left -= 1;
          return undefined;
        }
        if (account.spent) return { policy: this.policy, retryMillis: account.endsAt - now };
      }
    }
    return this.#takeLater(name);
  }

  async #takeLater(name: string): Promise<BudgetExceeded | undefined> {
    const account = this.#accountOf(name);
    account.taking ??= this.#takeBlock(name, account);
    await account.taking;
    // Others that have waited may have taken all of it.
    return this.take(name);
  }

  async #takeBlock(name: string, account: Account): Promise<void> {
    try {
      const { taken, leftMillis } = await takePoints(this.#limiter, name, this.#block);
      account.left = taken;
      account.spent = taken === 0;
      account.endsAt = this.#now() + leftMillis;
    } finally {
      account.taking = undefined;
    }
  }

  #accountOf(name: string): Account {
    this.#sweep();
    const found = this.#accounts.get(name);
    if (found !== undefined) return found;
    const account: Account = { left: 0, spent: false, endsAt: 0, taking: undefined };
    this.#accounts.set(name, account);
    return account;
  }

  /** Forgets those whose window has ended, once in a window: anybody can come from ever new addresses. */
  #sweep(): void {
    const now = this.#now();
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + this.policy.windowSeconds * 1_000;
    for (const [name, { endsAt, taking }] of this.#accounts) {
      if (endsAt <= now && taking === undefined) this.#accounts.delete(name);
    }
  }
}
