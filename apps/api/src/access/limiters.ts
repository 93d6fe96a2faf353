import {
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterAbstract,
  type RateLimiterStoreAbstract,
} from "rate-limiter-flexible";

/** Counts points by name. */
export type Limiter = Pick<RateLimiterAbstract, "points" | "consume" | "delete" | "reward">;

/** How many points there are in a window of time, which begins with the first of them. */
export interface LimiterOptions {
  /** Tells the limiters of one source apart. */
  readonly name: string;
  readonly points: number;
  readonly windowSeconds: number;
}

/** Makes limiters that count at one place. */
export type LimiterSource = (options: LimiterOptions) => Limiter;

/** A Redis to count in. */
export interface CounterStore {
  /** A client of ioredis. */
  readonly client: object;
  /** First part of every name on the server. */
  readonly keyPrefix: string;
}

/** Counts in the memory of this process. */
export const memoryLimiters: LimiterSource = ({ points, windowSeconds }) =>
  new RateLimiterMemory({ points, duration: windowSeconds });

/** Counts in a Redis, for all processes together; while it is away, each process counts for itself. */
export function redisLimiters({ client, keyPrefix }: CounterStore): LimiterSource {
  return ({ name, points, windowSeconds }): RateLimiterStoreAbstract =>
    new RateLimiterRedis({
      storeClient: client,
      keyPrefix: `${keyPrefix}limit:${name}`,
      points,
      duration: windowSeconds,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory({ points, duration: windowSeconds }),
    });
}

/** What became of an attempt to take some points. */
export interface Taking {
  /** Points that were taken: all, what was left, or none. */
  readonly taken: number;
  /** Until the window ends. */
  readonly leftMillis: number;
}

/** Takes as many points as there are, at most so many. */
export async function takePoints(limiter: Limiter, key: string, wanted: number): Promise<Taking> {
  try {
    const { msBeforeNext } = await limiter.consume(key, wanted);
    return { taken: wanted, leftMillis: msBeforeNext };
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    // What goes beyond the last point is counted all the same.
    const { consumedPoints, msBeforeNext } = error;
    return { taken: Math.max(0, wanted - (consumedPoints - limiter.points)), leftMillis: msBeforeNext };
  }
}
