import {
  DEFAULT_ENVIRONMENT_ID,
  LottyError,
  type Assignment,
  type Clock,
  type IdSource,
  type SubjectHistory,
} from "@lotty/domain";
import { explain, type Explanation, type Snapshot } from "@lotty/engine";
import { recordedAttributes, type AttributeRecording } from "./attribute-recording.ts";
import type { AnsweredDecision, DecideRequest, Decider } from "./decider.ts";
import { answerOf, recordOf } from "./decision-record.ts";
import { FirstGuess } from "./first-guess.ts";
import { learnHistory, type HistoryNews } from "./history-reader.ts";
import { keepOutcome } from "./outcome-cache.ts";
import { recordDecisions, type RecordingPorts, type WriteMode } from "./recording.ts";
import { RuleFaultLog } from "./rule-fault-log.ts";
import { SharedLoads } from "./shared-loads.ts";
import type { SnapshotSource } from "./snapshot-source.ts";
import type { KnownHistory } from "./spooling/spooling-history.ts";
import {
  startCall,
  takeOutcomes,
  takeOutcomesNow,
  type Call,
  type OutcomePorts,
  type TakenOutcomes,
} from "./take-outcomes.ts";

/** What decisions work with. */
export interface DeciderOptions extends RecordingPorts, OutcomePorts {
  readonly snapshots: SnapshotSource;
  readonly writeMode: WriteMode;
  /** What of the attributes goes on record; `digest` when absent. */
  readonly attributes?: AttributeRecording;
  /** Whether to save the look-up of subjects that seem to be new; see {@link FirstGuess}. */
  readonly guessesHistories?: boolean;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/**
 * How often a first assignment is decided again because parallel calls for the same subject came before it. Each
 * conflict means that another call succeeded, and a subject has room for only a few assignments.
 */
const MAX_ATTEMPTS = 20;

/** Puts the decision flow together: snapshot, history, cache, engine, recording. */
export function createDecider(options: DeciderOptions): Decider {
  return new DecisionFlow(options);
}

/** What became of recording the outcomes of one attempt. */
type Attempt =
  | { readonly status: "recorded"; readonly answers: readonly AnsweredDecision[] }
  | { readonly status: "history_changed"; readonly history: SubjectHistory; readonly degraded: boolean };

class DecisionFlow implements Decider {
  readonly #options: DeciderOptions;
  /** A peek never fills the decision cache, so looking there would cost a digest for nothing. */
  readonly #peekPorts: OutcomePorts;
  readonly #ruleFaults: RuleFaultLog;
  readonly #firstGuess: FirstGuess | null;
  /** Experiments that histories name and no configuration knows: asking for a newer one again would not help. */
  readonly #dangling = new Set<string>();

  constructor(options: DeciderOptions) {
    this.#options = { ...options, historyLoads: options.historyLoads ?? new SharedLoads() };
    this.#peekPorts = { ...this.#options, cache: null };
    this.#firstGuess = options.guessesHistories === true ? new FirstGuess() : null;
    this.#ruleFaults = new RuleFaultLog(options.logger, options.metrics);
  }

  async decideForFlag(flag: string, request: DecideRequest): Promise<AnsweredDecision> {
    const [answer] = await this.decideForFlags([flag], request);
    if (answer === undefined) throw new LottyError("internal", "A decision for one flag came out empty.");
    return answer;
  }

  async decideForFlags(flags: readonly string[], request: DecideRequest): Promise<readonly AnsweredDecision[]> {
    const { clock, snapshots } = this.#options;
    const call = startCall(request.environmentId ?? DEFAULT_ENVIRONMENT_ID, request.subject, clock.now());
    let snapshot = snapshots.current(call.environmentId);
    const ports = request.peek === true ? this.#peekPorts : this.#options;
    let history: KnownHistory | null = null;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const guess = attempt === 1 && request.peek !== true && this.#firstGuess?.pays === true;
      const taken = await takeOutcomes(flags, call, { from: { snapshot, history, guess }, ports });
      const newer = this.#knowsAllOf(taken.history, snapshot)
        ? null
        : await this.#newerSnapshot(snapshot, taken.history);
      if (newer !== null) {
        snapshot = newer;
        history = taken.history === null ? null : { history: taken.history, degraded: taken.degraded };
        continue;
      }
      if (request.peek === true) return this.#peek(taken, call);
      const recorded = await this.#record(taken, call);
      if (recorded.status === "recorded") return recorded.answers;
      history = { history: recorded.history, degraded: recorded.degraded };
    }
    throw new LottyError(
      "decision_store_unavailable",
      "Parallel decisions for this subject kept changing its history.",
      {
        details: { attempts: MAX_ATTEMPTS },
      },
    );
  }

  peekNow(flags: readonly string[], request: DecideRequest): readonly AnsweredDecision[] | undefined {
    const { clock, snapshots } = this.#options;
    const call = startCall(request.environmentId ?? DEFAULT_ENVIRONMENT_ID, request.subject, clock.now());
    const snapshot = snapshots.current(call.environmentId);
    const taken = takeOutcomesNow(flags, call, { snapshot, ports: this.#peekPorts });
    return taken === undefined || !this.#knowsAllOf(taken.history, snapshot) ? undefined : this.#peek(taken, call);
  }

  async explainForFlag(flag: string, request: DecideRequest): Promise<Explanation> {
    const { clock, history, outageHistory = null, snapshots } = this.#options;
    const environmentId = request.environmentId ?? DEFAULT_ENVIRONMENT_ID;
    const { subject } = request;
    const current = await (outageHistory === null
      ? history.load(environmentId, subject.id)
      : outageHistory.exact({ environmentId, subjectId: subject.id }));
    const snapshot = snapshots.current(environmentId);
    const newer = this.#knowsAllOf(current, snapshot) ? null : await this.#newerSnapshot(snapshot, current);
    const newest = newer ?? snapshot;
    return explain(newest, flag, { subject, history: current, now: clock.now() });
  }

  /** Whether a snapshot has every experiment that a history names, but for those that no configuration has. */
  #knowsAllOf(history: SubjectHistory | null, { experiments }: Snapshot): boolean {
    return history === null || history.every(({ experimentId: id }) => experiments.has(id) || this.#dangling.has(id));
  }

  /**
   * A history that names an unknown experiment was written by a process with a newer configuration; deciding on the old
   * one could exceed the participation limit.
   */
  async #newerSnapshot(snapshot: Snapshot, history: SubjectHistory | null): Promise<Snapshot | null> {
    // While the store is away there is no newer one to be had, and asking would cost every request its timeout.
    if (this.#options.outageHistory?.isAway === true) return null;
    const newest = await this.#options.snapshots.refresh(snapshot.environmentId);
    for (const { experimentId } of history ?? []) {
      if (!newest.experiments.has(experimentId)) this.#dangling.add(experimentId);
    }
    return newest === snapshot ? null : newest;
  }

  #peek(taken: TakenOutcomes, call: Call): readonly AnsweredDecision[] {
    return taken.outcomes.map(({ degraded, flagKey, outcome, source }) =>
      answerOf(outcome, {
        decisionId: this.#options.ids.next(call.now),
        flagKey,
        durability: "none",
        source,
        degraded,
      }),
    );
  }

  async #record(taken: TakenOutcomes, call: Call): Promise<Attempt> {
    const { attributes = "digest", ids, metrics, writeMode } = this.#options;
    const { environmentId } = call;
    const subjectId = call.subject.id;
    const onRecord = recordedAttributes(call, attributes);
    const decisions = taken.outcomes.map(({ flagKey, outcome }) =>
      recordOf(outcome, {
        decisionId: ids.next(call.now),
        environmentId,
        flagKey,
        subjectId,
        ...onRecord,
        now: call.now,
      }),
    );
    const request = { environmentId, subjectId, decisions, basedOn: taken.history };
    const recording = await recordDecisions(request, writeMode, this.#options).catch((error: unknown) => {
      this.#count(taken);
      throw error;
    });
    if (taken.guessed) this.#firstGuess?.tested(recording.status === "recorded");
    if (recording.status === "history_changed") {
      const { history, degraded = false } = recording;
      if (!taken.guessed) metrics.historyConflict();
      const news: HistoryNews = degraded ? { kind: "assigned", assignments: history } : { kind: "whole", history };
      await learnHistory({ environmentId, subjectId }, news, this.#options);
      return { status: "history_changed", history, degraded };
    }
    this.#count(taken);
    // Recorded first, then kept: a kept assignment has always been written.
    await this.#keep(taken, call);
    const answers = taken.outcomes.map(({ degraded, flagKey, outcome, source }, index): AnsweredDecision => {
      const durability = recording.durabilities[index] ?? "none";
      const decisionId = decisions[index]?.decisionId ?? "";
      return answerOf(outcome, {
        decisionId,
        flagKey,
        durability,
        source,
        degraded: degraded || durability === "spooled",
      });
    });
    return { status: "recorded", answers };
  }

  async #keep(taken: TakenOutcomes, call: Call): Promise<void> {
    const kept: Promise<void>[] = [];
    for (const { cacheKey, degraded, outcome } of taken.outcomes) {
      // What rests on less than everything must not be believed any longer than that lasts.
      if (cacheKey !== null && !degraded) kept.push(keepOutcome(cacheKey, outcome, this.#options));
    }
    if (this.#options.historyCache !== null) {
      const subject = { environmentId: call.environmentId, subjectId: call.subject.id };
      kept.push(learnHistory(subject, newsOf(taken, call), this.#options));
    }
    await Promise.all(kept);
  }

  #count(taken: TakenOutcomes): void {
    for (const { outcome } of taken.outcomes) {
      this.#options.metrics.decided(outcome.reason);
      this.#ruleFaults.note(outcome);
    }
  }
}

/** What a recorded call means for the kept history of its subject. */
function newsOf(taken: TakenOutcomes, call: Call): HistoryNews {
  const assigned = taken.outcomes.filter(({ outcome }) => outcome.reason === "experiment_assigned");
  if (assigned.length === 0) return { kind: "nothing" };
  // Without the history at hand, when the subject was first decided is not known.
  if (taken.history === null) return { kind: "outdated" };
  const history = taken.history;
  const assignments = assigned.flatMap(({ outcome: { experiment, variant } }): Assignment[] => {
    if (experiment === null || variant === null) return [];
    const earlier = history.find((assignment) => assignment.experimentId === experiment.id);
    const firstDecidedAt = earlier?.firstDecidedAt ?? call.now;
    return [{ experimentId: experiment.id, variantId: variant.id, firstDecidedAt, lastDecidedAt: call.now }];
  });
  return { kind: "assigned", assignments };
}
