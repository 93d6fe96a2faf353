import type { IncomingMessage } from "node:http";
import type { RateLimitConfig } from "@lotty/config";
import type { Caller, ScopedAccess } from "@lotty/identity";
import type { ProblemDraft } from "../http/problem-answer.ts";
import { addressAccount, isOwnAddress } from "./address-account.ts";
import type { Unidentified } from "./authenticator.ts";
import type { ClientAddress } from "./client-address.ts";
import { type LimiterSource, memoryLimiters } from "./limiters.ts";
import { type BudgetAnswer, type BudgetExceeded, RequestBudget } from "./request-budget.ts";

/** What requests are for: the many that decide or report events must not use up the room of those who work on the configuration, or the reverse. */
export type RequestPurpose = "decide" | "other";

/** What counting requests needs. */
export interface RateLimitsOptions {
  readonly config: RateLimitConfig;
  readonly clientAddress: ClientAddress;
}

/** Long enough for bursts, short enough that whoever has used up everything is not gone for long. */
const WINDOW_SECONDS = 10;

interface Budgets {
  readonly perKey: RequestBudget | undefined;
  readonly perAddress: RequestBudget | undefined;
}

/**
 * Bounds how often callers may ask. Whoever has a server key is counted by that. All others are counted by address, with a
 * client key besides: it is in every page, so one visitor must not use it up for all. Requests from this very machine that
 * show no key are not counted.
 */
export class RateLimits {
  readonly #options: RateLimitsOptions;
  #budgets: Readonly<Record<RequestPurpose, Budgets>>;

  constructor(options: RateLimitsOptions) {
    this.#options = options;
    this.#budgets = this.#make(memoryLimiters);
  }

  /** Counts somewhere else from now on. */
  countIn(limiters: LimiterSource): void {
    this.#budgets = this.#make(limiters);
  }

  /** Counts a request that shows no key, or a wrong one. */
  takeByAddress(request: IncomingMessage, purpose: RequestPurpose): BudgetAnswer {
    const { perAddress } = this.#budgets[purpose];
    if (perAddress === undefined) return undefined;
    const address = this.#options.clientAddress(request);
    return isOwnAddress(address) ? undefined : perAddress.take(addressAccount(address));
  }

  /** Counts a request that shows a key, by what the key turned out to be. */
  takeByKey(caller: Caller | Unidentified, request: IncomingMessage, purpose: RequestPurpose): BudgetAnswer {
    if (caller.kind !== "key" || caller.id === null) return this.takeByAddress(request, purpose);
    const { id, keyType } = caller;
    const byKey = (): BudgetAnswer => this.#budgets[purpose].perKey?.take(id);
    if (keyType !== "client") return byKey();
    const byAddress = this.takeByAddress(request, purpose);
    return byAddress instanceof Promise ? byAddress.then((exceeded) => exceeded ?? byKey()) : (byAddress ?? byKey());
  }

  #make(limiters: LimiterSource): Readonly<Record<RequestPurpose, Budgets>> {
    const { decide, other } = this.#options.config;
    const budget = (name: string, perSecond: number): RequestBudget | undefined =>
      perSecond === 0
        ? undefined
        : new RequestBudget({ name, points: perSecond * WINDOW_SECONDS, windowSeconds: WINDOW_SECONDS }, limiters);
    return {
      decide: {
        perKey: budget("decide-key", decide.perKey),
        perAddress: budget("decide-address", decide.perAddress),
      },
      other: { perKey: budget("other-key", other.perKey), perAddress: budget("other-address", other.perAddress) },
    };
  }
}

/** What requests to a route are for. */
export function purposeOf({ scope }: ScopedAccess): RequestPurpose {
  return scope === "decide" || scope === "events" ? "decide" : "other";
}

/**
 * The problem of a request that was one too many, with the fields of draft-ietf-httpapi-ratelimit-headers-10: which budget is
 * used up, and when there is something again.
 */
export function tooManyRequests({ policy, retryMillis }: BudgetExceeded): ProblemDraft {
  const seconds = Math.max(1, Math.ceil(retryMillis / 1_000));
  const { name, points, windowSeconds } = policy;
  return {
    code: "rate_limited",
    detail: `There were more than ${points} requests within ${windowSeconds} seconds. Wait.`,
    headers: {
      "retry-after": String(seconds),
      "ratelimit-policy": `"${name}";q=${points};w=${windowSeconds}`,
      ratelimit: `"${name}";r=0;t=${seconds}`,
    },
  };
}
