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
import {
  isEnough,
  keptHistory,
  loadHistory,
  readHistory,
  readHistoryNow,
  type HistoryPorts,
} from "./history-reader.ts";
import { findOutcome, type OutcomeCachePorts } from "./outcome-cache.ts";
import type { KnownHistory } from "./spooling/spooling-history.ts";
import type { SubjectRef } from "./subject-ref.ts";

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
  /** Whether that history was not looked up: all that rests on it are first assignments. */
  readonly guessed: boolean;
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
  /**
   * Whether the subject may be taken for one that takes part in nothing yet, if that leads to nothing but first assignments, which the
   * recorder checks; the history is looked up otherwise.
   */
  readonly guess?: boolean;
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
  const found = { flags, screened, keys, kept };
  if (from.history !== null || !needsHistory)
    return settleOutcomes({ ...found, read: from.history }, call, from.snapshot);
  if (from.guess !== true)
    return settleOutcomes({ ...found, read: await readHistory(refOf(call), ports) }, call, from.snapshot);
  return takeByGuess(found, call, { from, ports });
}

async function takeByGuess(
  found: Omit<Screened, "read">,
  call: Call,
  { from: { snapshot }, ports }: { readonly from: TakeFrom; readonly ports: OutcomePorts },
): Promise<TakenOutcomes> {
  const subject = refOf(call);
  const cached = await keptHistory(subject, ports);
  if (cached !== undefined && isEnough(ports)) {
    return settleOutcomes({ ...found, read: { history: cached, degraded: false } }, call, snapshot);
  }
  if (cached === undefined && isNew(subject, ports)) {
    const guessed = settleOutcomes({ ...found, read: NEW_SUBJECT }, call, snapshot);
    const assigns = ({ outcome }: TakenOutcome, index: number): boolean =>
      found.screened[index]?.settled === true || outcome.reason === "experiment_assigned";
    // Whatever was kept rests on a history that was not empty.
    if (found.kept.every((each) => each === undefined) && guessed.outcomes.every(assigns)) {
      return { ...guessed, guessed: true };
    }
  }
  return settleOutcomes({ ...found, read: await loadHistory(subject, cached, ports) }, call, snapshot);
}

/** As far as this process knows. */
function isNew(subject: SubjectRef, ports: OutcomePorts): boolean {
  return isEnough(ports) && ports.outageHistory?.knows(subject) !== true;
}

const NEW_SUBJECT: KnownHistory = { history: [], degraded: false };

/**
 * Takes outcomes as {@link takeOutcomes} does without a decision cache, if everything that it takes is in memory; else `undefined`.
 *
 * @throws LottyError `subject_not_encodable`
 */
export function takeOutcomesNow(
  flags: readonly string[],
  call: Call,
  { ports, snapshot }: { readonly snapshot: Snapshot; readonly ports: OutcomePorts },
): TakenOutcomes | undefined {
  const screened = flags.map((flagKey) => screen(snapshot, flagKey, call.subject));
  const needsHistory = screened.some(({ settled }) => !settled);
  const read = needsHistory ? readHistoryNow(refOf(call), ports) : null;
  if (read === undefined) return undefined;
  return settleOutcomes({ flags, screened, keys: NO_KEYS, kept: NOTHING_KEPT, read }, call, snapshot);
}

/** All that the gates after the first half need to know. */
interface Screened {
  readonly flags: readonly string[];
  readonly screened: readonly (Outcome | Candidate)[];
  readonly keys: readonly (string | null)[];
  readonly kept: readonly (Outcome | undefined)[];
  readonly read: KnownHistory | null;
}

function settleOutcomes(
  { flags, keys, kept, read, screened }: Screened,
  call: Call,
  snapshot: Snapshot,
): TakenOutcomes {
  const { history, degraded } = read ?? NOT_READ;
  let known: SubjectHistory = history ?? [];
  const outcomes = screened.map((each, index): TakenOutcome => {
    const found = kept[index];
    const outcome = each.settled
      ? each
      : found === undefined
        ? assign(snapshot, each, { subject: call.subject, history: known, now: call.now })
        : // What was kept is how the gates came out. Rules rest on no history, so they are asked anew.
          applyFlagRules(each.compiled.flagRules, found, call.subject);
    if (index + 1 < screened.length) known = withAssignment(known, outcome, call.now);
    return {
      flagKey: flags[index] ?? "",
      outcome,
      source: found === undefined ? "computed" : "cache",
      cacheKey: keys[index] ?? null,
      degraded: degraded && !each.settled && found === undefined,
    };
  });
  return { outcomes, history, degraded, guessed: false };
}

const NO_KEYS: readonly null[] = [];
const NOTHING_KEPT: readonly (Outcome | undefined)[] = [];
const NOT_READ = { history: null, degraded: false };

function refOf(call: Call): SubjectRef {
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
