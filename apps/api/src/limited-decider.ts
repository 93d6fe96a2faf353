import type { Decider } from "@lotty/decisions";
import type { RequestLimiter } from "@lotty/runtime";

/**
 * A decider that works on a bounded number of requests for a bounded time. The limit stands here and not before the route,
 * so that callers who send slowly take nobody's place.
 */
export function limitedDecider(decider: Decider, limiter: RequestLimiter): Decider {
  return {
    decideForFlag: (flag, request) => limiter.run(() => decider.decideForFlag(flag, request)),
    decideForFlags: (flags, request) => limiter.run(() => decider.decideForFlags(flags, request)),
    // What is in memory is answered before the next request is looked at: it can neither wait nor be late.
    peekNow: (flags, request) => {
      const decisions = decider.peekNow(flags, request);
      if (decisions !== undefined) limiter.arrived();
      return decisions;
    },
    explainForFlag: (flag, request) => limiter.run(() => decider.explainForFlag(flag, request)),
  };
}
