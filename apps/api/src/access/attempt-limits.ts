import type { AttemptLimit } from "@lotty/identity";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/** How many wrong passwords are too many. */
export interface AttemptCounts {
  readonly perAccount: number;
  /** Many people may share an address. */
  readonly perAddress: number;
  readonly windowSeconds: number;
}

const ATTEMPT_COUNTS: AttemptCounts = { perAccount: 10, perAddress: 50, windowSeconds: 900 };

/**
 * Bounds wrong passwords, per account and per address, in the memory of this process: with several processes an attacker has as
 * many attempts as there are processes.
 */
export function memoryAttemptLimit(counts: AttemptCounts = ATTEMPT_COUNTS): AttemptLimit {
  const duration = counts.windowSeconds;
  const accounts = new RateLimiterMemory({ points: counts.perAccount, duration });
  const addresses = new RateLimiterMemory({ points: counts.perAddress, duration });
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

async function take(limiter: RateLimiterMemory, key: string): Promise<number> {
  try {
    await limiter.consume(key);
    return 0;
  } catch (error) {
    if (error instanceof RateLimiterRes) return error.msBeforeNext;
    throw error;
  }
}
