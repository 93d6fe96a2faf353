import type { Done } from "../world/key-book.ts";
import type { Troubles } from "../world/troubles.ts";
import type { Attempt, Finding, FindingKind } from "./evidence.ts";

/** What refusals are judged by. */
export interface RefusalOptions {
  readonly troubles: Troubles;
  /** How soon every process knows of a key, or that it is revoked, in milliseconds. */
  readonly promisedMillis: number;
}

/** Problems of requests that no request of the run has. Those of overload and of outages promise nothing. */
const REFUSED = /^4(?!29)\d\d /;

/** A request that was turned away before it was decided for. */
export function isRefused({ failure }: Attempt): boolean {
  return failure !== null && REFUSED.test(failure);
}

/**
 * Whether a request was rightly let in or turned away: keys are taken from a second after they were made until a second after they were
 * revoked at the latest, in their own environment only, and nothing else is refused.
 */
export function checkRefusal(attempt: Attempt, options: RefusalOptions): Finding | null {
  const { decisions, failure, key, question } = attempt;
  if (decisions !== null) {
    if (key === null) return null;
    if (isFelt(attempt, key.revoked, options)) return finding("revoked key taken", attempt);
    return question.credential === "foreign" ? finding("key taken in another environment", attempt) : null;
  }
  if (!isRefused(attempt)) return null;
  const isRight =
    key !== null &&
    ((failure === "401 unauthenticated" && mayBeUnknown(attempt, key, options)) ||
      (failure === "403 forbidden" && question.credential === "foreign"));
  return isRight ? null : finding("refused for no reason", attempt);
}

/** How many milliseconds after it was revoked a key was still taken, though nothing was in the way of knowing; 0 when it was not. */
export function takenAfterRevoking(
  { decisions, key, process, startedAt }: Attempt,
  { troubles }: Pick<RefusalOptions, "troubles">,
): number {
  const { begunAt, knownAt } = key?.revoked ?? { begunAt: 0, knownAt: Number.POSITIVE_INFINITY };
  if (decisions === null || knownAt >= startedAt) return 0;
  return troubles.lastFrom({ process, from: begunAt, to: knownAt }) > knownAt ? 0 : startedAt - knownAt;
}

/** Whether some process may take a key for none: it was just made, or somebody has begun to revoke it. */
function mayBeUnknown(
  attempt: Attempt,
  { made, revoked }: { readonly made: Done; readonly revoked: Done | null },
  options: RefusalOptions,
): boolean {
  return !isFelt(attempt, made, options) || (revoked !== null && revoked.begunAt <= attempt.endedAt);
}

/** Whether a process must have known of something from the beginning of a request on. */
function isFelt(
  { process, startedAt }: Attempt,
  done: Done | null,
  { promisedMillis, troubles }: RefusalOptions,
): boolean {
  if (done === null || done.knownAt + promisedMillis >= startedAt) return false;
  return troubles.lastFrom({ process, from: done.begunAt, to: done.knownAt + promisedMillis }) < startedAt;
}

function finding(kind: FindingKind, attempt: Attempt): Finding {
  const { endedAt, failure, key, process, question, startedAt, turn } = attempt;
  const { text: _, ...shown } = key ?? { text: "" };
  const lines = [
    `turn ${String(turn)} at ${process}, ${new Date(startedAt).toISOString()} + ${String(endedAt - startedAt)} ms: ${failure ?? "answered"}`,
    `asked ${JSON.stringify(question)}`,
    `key ${key === null ? "none" : JSON.stringify(shown)}`,
  ];
  return { kind, at: endedAt, lines };
}
