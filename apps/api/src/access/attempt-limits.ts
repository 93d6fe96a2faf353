import type { AttemptLimit } from "@lotty/identity";
import { type Limiter, type LimiterSource, memoryLimiters, takePoints } from "./limiters.ts";

/** How many wrong passwords are too many. */
export interface AttemptCounts {
  readonly perAccount: number;
  /** Many people may share an address. */
  readonly perAddress: number;
  readonly windowSeconds: number;
}

const ATTEMPT_COUNTS: AttemptCounts = { perAccount: 10, perAddress: 50, windowSeconds: 900 };

/**
 * Bounds wrong passwords, per account and per address. Counted in the memory of this process, an attacker has as many attempts
 * as there are processes, times that.
 */
export function attemptLimit(
  limiters: LimiterSource = memoryLimiters,
  { perAccount, perAddress, windowSeconds }: AttemptCounts = ATTEMPT_COUNTS,
): AttemptLimit {
  const accounts = limiters({ name: "log-in-account", points: perAccount, windowSeconds });
  const addresses = limiters({ name: "log-in-address", points: perAddress, windowSeconds });
  return {
    async begin({ account, address }) {
      const waits = await Promise.all([take(accounts, account), take(addresses, address)]);
      return Math.max(...waits);
    },
    async succeeded({ account, address }) {
      // Of the address only this attempt: one person's success must not set free whoever shares it.
      await Promise.all([accounts.delete(account), addresses.reward(address, 1)]);
    },
  };
}

async function take(limiter: Limiter, key: string): Promise<number> {
  const { leftMillis, taken } = await takePoints(limiter, key, 1);
  return taken === 1 ? 0 : leftMillis;
}
