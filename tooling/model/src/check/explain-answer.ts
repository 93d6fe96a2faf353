import { isDeepStrictEqual } from "node:util";
import type { ModelConfiguration } from "../oracle/configuration.ts";
import { decide, type Expected, type Holding } from "../oracle/decide.ts";
import type { CandidateRevision, ConfigurationHistory, Freshness } from "../world/configuration-history.ts";
import type { Attempt, GivenDecision } from "./evidence.ts";
import type { OutcomeMemory } from "./outcome-memory.ts";
import type { SubjectLedger, View } from "./subject-ledger.ts";

/** What it takes to explain an answer. */
export interface Explanation {
  readonly freshness: Freshness;
  /** A history that lacked something, as long as histories may be cached. */
  readonly olderHistory: boolean;
  /** The history of a process that could not ask the store. */
  readonly degraded: boolean;
  /** An outcome that was kept, though the history has gone on. */
  readonly keptOutcome: boolean;
}

/** What answers are explained with. */
export interface ExplainingOptions {
  readonly configurations: ConfigurationHistory;
  readonly ledger: SubjectLedger;
  readonly outcomes: OutcomeMemory;
}

/** How much may be assumed, the least first. */
const LEVELS = [
  { olderHistory: false, keptOutcomes: false },
  { olderHistory: true, keptOutcomes: false },
  { olderHistory: true, keptOutcomes: true },
] as const;

/** More than so many histories are not tried: a subject never has that many assignments in doubt. */
const MAX_HISTORIES = 4_096;

/**
 * Looks for a configuration and a history from which an answer follows, all its decisions together.
 *
 * @param withOutcomes whether kept outcomes may be assumed; the memory must hold only what was explained
 */
export function explainAnswer(
  attempt: Attempt,
  { configurations, ledger, outcomes }: ExplainingOptions,
  withOutcomes: boolean,
): Explanation | null {
  const decisions = attempt.decisions ?? [];
  const degraded = decisions.some((decision) => decision.degraded);
  const views = ledger.viewsFor(attempt);
  const candidates = configurations.candidates(attempt);
  for (const level of LEVELS.slice(0, withOutcomes ? 3 : 2)) {
    const histories = historiesOf(views, { degraded, olderHistory: level.olderHistory });
    for (const { freshness, revision } of candidates) {
      for (const history of histories) {
        const walk: Walk = {
          attempt,
          configuration: revision.configuration,
          history: history.holdings,
          outcomes: level.keptOutcomes ? outcomes : null,
        };
        const followed = follow(walk);
        if (followed === null) continue;
        // The table itself refuses a first assignment that does not rest on everything that it has.
        if (followed.creates && !degraded && history.lacks.some(({ stored }) => stored)) continue;
        const olderHistory = history.lacks.some(({ stored }) => stored);
        return { freshness, olderHistory: olderHistory && !degraded, degraded, keptOutcome: followed.kept };
      }
    }
  }
  return null;
}

/** What the model would have answered, by each configuration, on all that may have been known. For people. */
export function describeCandidates(attempt: Attempt, { configurations, ledger }: ExplainingOptions): readonly string[] {
  const views = ledger.viewsFor(attempt);
  const history = historiesOf(views, { degraded: false, olderHistory: false })[0]?.holdings ?? [];
  const seen = views.map(
    (view) => `${view.experimentId}=${view.variants.join("|")}${view.stored ? "" : " (in doubt)"}`,
  );
  return [
    `history: ${seen.join(", ") || "none"}`,
    ...configurations.candidates(attempt).map((candidate) => describeCandidate(attempt, candidate, history)),
  ];
}

function describeCandidate(
  attempt: Attempt,
  { freshness, revision }: CandidateRevision,
  history: readonly Holding[],
): string {
  const { configuration, what } = revision;
  const outcomes = attempt.question.flags.map((flag) => {
    const { reason, ruleId, value, variantId } = decide(configuration, flag, askerOf(attempt, history));
    return `${flag}: ${reason} ${JSON.stringify(value)} ${variantId ?? ruleId ?? ""}`.trim();
  });
  return `revision ${String(configuration.revision)} (${freshness}; ${what}) gives ${outcomes.join(" | ")}`;
}

interface Walk {
  readonly attempt: Attempt;
  readonly configuration: ModelConfiguration;
  readonly history: readonly Holding[];
  readonly outcomes: OutcomeMemory | null;
}

/** Whether an answer follows, flag by flag; `null` when it does not. */
function follow({ attempt, configuration, history, outcomes }: Walk): { creates: boolean; kept: boolean } | null {
  let known = history;
  let creates = false;
  let kept = false;
  for (const given of attempt.decisions ?? []) {
    const computed = decide(configuration, given.flag, askerOf(attempt, known));
    if (!says(given, computed)) {
      const found = outcomes?.find(attempt, given, configuration);
      if (found === undefined || found === null || !says(given, found)) return null;
      kept = true;
    }
    const { experimentId, variantId } = given;
    if (given.reason !== "experiment_assigned" || experimentId === null || variantId === null) continue;
    if (known.some((holding) => holding.experimentId === experimentId)) continue;
    creates ||= says(given, computed);
    known = [...known, { experimentId, variantId, firstAt: attempt.endedAt, lastAt: attempt.endedAt }];
  }
  return { creates: creates && !attempt.question.peek, kept };
}

function askerOf(attempt: Attempt, history: readonly Holding[]): Parameters<typeof decide>[2] {
  return {
    subject: attempt.question.subject,
    attributes: attempt.question.attributes,
    history,
    now: attempt.startedAt,
  };
}

/** Whether a decision is what was expected. */
export function says(given: GivenDecision, expected: Expected): boolean {
  return (
    given.reason === expected.reason &&
    given.experimentId === expected.experimentId &&
    given.variantId === expected.variantId &&
    given.ruleId === expected.ruleId &&
    isDeepStrictEqual(given.value, expected.value)
  );
}

interface PossibleHistory {
  readonly holdings: readonly Holding[];
  /** What is not in it. */
  readonly lacks: readonly View[];
}

/**
 * The histories that a process may have seen: with what it must have known, and any of what it may have. One that could not ask may know of
 * an assignment from a later decision of its own, and take that for the beginning.
 */
function historiesOf(
  views: readonly View[],
  { degraded, olderHistory }: { readonly degraded: boolean; readonly olderHistory: boolean },
): readonly PossibleHistory[] {
  const isSure = (view: View): boolean => {
    if (view.knownToProcess && (degraded || !olderHistory)) return true;
    if (degraded) return false;
    return olderHistory ? view.storedLongAgo : view.stored;
  };
  let histories: PossibleHistory[] = [{ holdings: [], lacks: [] }];
  for (const view of views) {
    const withIt = histories.flatMap(({ holdings, lacks }) =>
      view.variants.flatMap((variantId) =>
        beginningsOf(view, degraded).map((firstAt): PossibleHistory => ({
          holdings: [...holdings, { experimentId: view.experimentId, variantId, firstAt, lastAt: view.lastAt }],
          lacks,
        })),
      ),
    );
    const without = isSure(view) ? [] : histories.map(({ holdings, lacks }) => ({ holdings, lacks: [...lacks, view] }));
    histories = [...withIt, ...without].slice(0, MAX_HISTORIES);
  }
  return histories;
}

function beginningsOf({ firstAt, firstByProcess }: View, degraded: boolean): readonly number[] {
  return degraded && firstByProcess !== null && firstByProcess > firstAt ? [firstAt, firstByProcess] : [firstAt];
}
