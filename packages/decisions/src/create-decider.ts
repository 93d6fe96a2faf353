import {
  DEFAULT_ENVIRONMENT_ID,
  LottyError,
  type Assignment,
  type Clock,
  type IdSource,
  type SubjectHistory,
} from "@lotty/domain";
import { explain, type Explanation, type Snapshot } from "@lotty/engine";
import type { AnsweredDecision, DecideRequest, Decider } from "./decider.ts";
import { decisionOf, recordOf } from "./decision-record.ts";
import { learnHistory, type HistoryNews } from "./history-reader.ts";
import { keepOutcome } from "./outcome-cache.ts";
import { recordDecisions, type RecordingPorts, type WriteMode } from "./recording.ts";
import { RuleFaultLog } from "./rule-fault-log.ts";
import type { SnapshotSource } from "./snapshot-source.ts";
import { startCall, takeOutcomes, type Call, type OutcomePorts, type TakenOutcomes } from "./take-outcomes.ts";

/** What decisions work with. */
export interface DeciderOptions extends RecordingPorts, OutcomePorts {
  readonly snapshots: SnapshotSource;
  readonly writeMode: WriteMode;
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
  | { readonly status: "history_changed"; readonly history: SubjectHistory };

class DecisionFlow implements Decider {
  readonly #options: DeciderOptions;
  /** A peek never fills the decision cache, so looking there would cost a digest for nothing. */
  readonly #peekPorts: OutcomePorts;
  readonly #ruleFaults: RuleFaultLog;
  /** Experiments that histories name and no configuration knows: asking for a newer one again would not help. */
  readonly #dangling = new Set<string>();

  constructor(options: DeciderOptions) {
    this.#options = options;
    this.#peekPorts = { ...options, cache: null };
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
    let history: SubjectHistory | null = null;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const taken = await takeOutcomes(flags, call, { from: { snapshot, history }, ports });
      const newer = await this.#newerSnapshot(snapshot, taken.history);
      if (newer !== null) {
        snapshot = newer;
        history = taken.history;
        continue;
      }
      if (request.peek === true) return this.#peek(taken, call);
      const recorded = await this.#record(taken, call);
      if (recorded.status === "recorded") return recorded.answers;
      history = recorded.history;
    }
    throw new LottyError(
      "decision_store_unavailable",
      "Parallel decisions for this subject kept changing its history.",
      {
        details: { attempts: MAX_ATTEMPTS },
      },
    );
  }

  async explainForFlag(flag: string, request: DecideRequest): Promise<Explanation> {
    const { clock, history, snapshots } = this.#options;
    const environmentId = request.environmentId ?? DEFAULT_ENVIRONMENT_ID;
    const { subject } = request;
    const current = await history.load(environmentId, subject.id);
    const snapshot = snapshots.current(environmentId);
    const newest = (await this.#newerSnapshot(snapshot, current)) ?? snapshot;
    return explain(newest, flag, { subject, history: current, now: clock.now() });
  }

  /**
   * A history that names an unknown experiment was written by a process with a newer configuration; deciding on the old
   * one could exceed the participation limit.
   */
  async #newerSnapshot(snapshot: Snapshot, history: SubjectHistory | null): Promise<Snapshot | null> {
    const unknown = (history ?? []).filter(
      ({ experimentId }) => !snapshot.experiments.has(experimentId) && !this.#dangling.has(experimentId),
    );
    if (unknown.length === 0) return null;
    const newest = await this.#options.snapshots.refresh(snapshot.environmentId);
    for (const { experimentId } of unknown) {
      if (!newest.experiments.has(experimentId)) this.#dangling.add(experimentId);
    }
    return newest === snapshot ? null : newest;
  }

  #peek(taken: TakenOutcomes, call: Call): readonly AnsweredDecision[] {
    return taken.outcomes.map(({ flagKey, outcome, source }) => ({
      ...decisionOf(outcome, this.#options.ids.next(call.now), flagKey),
      durability: "none",
      source,
    }));
  }

  async #record(taken: TakenOutcomes, call: Call): Promise<Attempt> {
    const { ids, metrics, writeMode } = this.#options;
    const { environmentId } = call;
    const subjectId = call.subject.id;
    const decisions = taken.outcomes.map(({ flagKey, outcome }) =>
      recordOf(outcome, {
        decisionId: ids.next(call.now),
        environmentId,
        flagKey,
        subjectId,
        attributesDigest: call.digest(),
        now: call.now,
      }),
    );
    const request = { environmentId, subjectId, decisions, basedOn: taken.history };
    const recording = await recordDecisions(request, writeMode, this.#options).catch((error: unknown) => {
      this.#count(taken);
      throw error;
    });
    if (recording.status === "history_changed") {
      metrics.historyConflict();
      await learnHistory({ environmentId, subjectId }, { kind: "whole", history: recording.history }, this.#options);
      return recording;
    }
    this.#count(taken);
    // Recorded first, then kept: a kept assignment has always been written.
    await this.#keep(taken, call);
    const answers = taken.outcomes.map(({ flagKey, outcome, source }, index) => ({
      ...decisionOf(outcome, decisions[index]?.decisionId ?? "", flagKey),
      durability: recording.durabilities[index] ?? "none",
      source,
    }));
    return { status: "recorded", answers };
  }

  async #keep(taken: TakenOutcomes, call: Call): Promise<void> {
    const kept = taken.outcomes.map(({ cacheKey, outcome }) =>
      cacheKey === null ? undefined : keepOutcome(cacheKey, outcome, this.#options),
    );
    const subject = { environmentId: call.environmentId, subjectId: call.subject.id };
    await Promise.all([...kept, learnHistory(subject, newsOf(taken, call), this.#options)]);
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
