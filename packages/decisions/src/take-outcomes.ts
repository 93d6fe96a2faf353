import type { Instant, Subject, SubjectHistory } from "@lotty/domain";
import {
  applyFlagRules,
  assign,
  attributesDigest,
  screen,
  type Candidate,
  type Outcome,
  type Snapshot,
} from "@lotty/engine";
import { decisionCacheKey } from "./cache-key.ts";
import { readHistory, type HistoryPorts } from "./history-reader.ts";
import { findOutcome, type OutcomeCachePorts } from "./outcome-cache.ts";
import type { KnownHistory } from "./spooling/spooling-history.ts";

/** One subject's call, as it goes through the flow. */
export interface Call {
  readonly environmentId: string;
  readonly subject: Subject;
  readonly now: Instant;
  /** Digest of the attributes; made once, when first needed. */
  digest(): string;
}

/** An outcome with what is needed to record and to keep it. */
export interface TakenOutcome {
  readonly flagKey: string;
  readonly outcome: Outcome;
  readonly source: "computed" | "cache";
  /** Where the outcome may be kept; null when it does not depend on the history. */
  readonly cacheKey: string | null;
  /** Whether it rests on a history that may lack something. */
  readonly degraded: boolean;
}

/** The outcomes of a call and the history that they rest on. */
export interface TakenOutcomes {
  readonly outcomes: readonly TakenOutcome[];
  /** Null when no outcome needed the history. */
  readonly history: SubjectHistory | null;
  /** Whether that history may lack something. */
  readonly degraded: boolean;
}

/** Starts a call. */
export function startCall(environmentId: string, subject: Subject, now: Instant): Call {
  let digest: string | undefined;
  return { environmentId, subject, now, digest: () => (digest ??= attributesDigest(subject.attributes)) };
}

/** What taking outcomes works with. */
export type OutcomePorts = HistoryPorts & OutcomeCachePorts;

/** What taking outcomes starts from. */
export interface TakeFrom {
  readonly snapshot: Snapshot;
  /** A history that is the newest there is: it replaces both the look-up and the cache. */
  readonly history: KnownHistory | null;
}

/**
 * Takes the outcomes of several flags for one subject: the same as asking for one after the other, with at most one
 * look-up of the history.
 *
 * @throws LottyError `database_unavailable`, `subject_not_encodable`
 */
export async function takeOutcomes(
  flags: readonly string[],
  call: Call,
  { from, ports }: { readonly from: TakeFrom; readonly ports: OutcomePorts },
): Promise<TakenOutcomes> {
  const screened = flags.map((flagKey) => screen(from.snapshot, flagKey, call.subject));
  const keys = screened.map((each) => (each.settled || ports.cache === null ? null : keyOf(each, call)));
  const mayBeKept = from.history === null && keys.some((key) => key !== null);
  const kept = mayBeKept ? await findAll(screened, keys, ports) : NOTHING_KEPT;
  const needsHistory = screened.some((each, index) => !each.settled && kept[index] === undefined);
  const read = from.history ?? (needsHistory ? await readHistory(refOf(call), ports) : null);
  const { history, degraded } = read ?? NOT_READ;

  let known: SubjectHistory = history ?? [];
  const outcomes = screened.map((each, index): TakenOutcome => {
    const found = kept[index];
    const outcome = each.settled
      ? each
      : found === undefined
        ? assign(from.snapshot, each, { subject: call.subject, history: known, now: call.now })
        : // What was kept is how the gates came out. Rules rest on no history, so they are asked anew.
          applyFlagRules(each.compiled.flagRules, found, call.subject);
    known = withAssignment(known, outcome, call.now);
    return {
      flagKey: flags[index] ?? "",
      outcome,
      source: found === undefined ? "computed" : "cache",
      cacheKey: keys[index] ?? null,
      degraded: degraded && !each.settled && found === undefined,
    };
  });
  return { outcomes, history, degraded };
}

const NOTHING_KEPT: readonly (Outcome | undefined)[] = [];
const NOT_READ = { history: null, degraded: false };

function refOf(call: Call): { readonly environmentId: string; readonly subjectId: string } {
  return { environmentId: call.environmentId, subjectId: call.subject.id };
}

function keyOf({ compiled }: Candidate, call: Call): string {
  const { environmentId, subject } = call;
  return decisionCacheKey(compiled, { environmentId, subjectId: subject.id, attributesDigest: call.digest() });
}

function findAll(
  screened: readonly (Outcome | Candidate)[],
  keys: readonly (string | null)[],
  ports: OutcomeCachePorts,
): Promise<readonly (Outcome | undefined)[]> {
  return Promise.all(
    screened.map((each, index) => {
      const key = keys[index] ?? null;
      return each.settled || key === null ? Promise.resolve(undefined) : findOutcome(key, each.compiled, ports);
    }),
  );
}

/** The history as the next flag of the same call sees it: with the assignment that was just taken. */
function withAssignment(history: SubjectHistory, outcome: Outcome, now: Instant): SubjectHistory {
  const { experiment, variant } = outcome;
  if (experiment === null || variant === null) return history;
  if (history.some((assignment) => assignment.experimentId === experiment.id)) return history;
  const assignment = { experimentId: experiment.id, variantId: variant.id, firstDecidedAt: now, lastDecidedAt: now };
  return [...history, assignment];
}
