import { experimentById, type Expected } from "../oracle/decide.ts";
import { ruledValue } from "../oracle/flag-rules.ts";
import { segmentsOf } from "../oracle/rule.ts";
import { stampOf, variantKey, type ModelConfiguration, type ModelExperiment } from "../oracle/configuration.ts";
import type { CandidateRevision } from "../world/configuration-history.ts";
import type { Attempt, DecisionRow, GivenDecision } from "./evidence.ts";

/** An outcome that the decision cache may have kept. */
interface KeptOutcome {
  readonly reason: string;
  readonly experimentId: string;
  readonly variantId: string | null;
  /** The revisions of flag, experiment and its segments that it may be of. */
  readonly stamps: ReadonlySet<string>;
  readonly from: number;
  readonly to: number;
}

const KEPT_REASONS: readonly string[] = ["outside_traffic_allocation", "no_variants", "experiment_assigned"];

/** Between the answer and the moment at which the entry ends, on a busy machine. */
const SLACK_MILLIS = 1_000;

/** A decision whose answer was lost may have been kept until here after its time. */
const UNANSWERED_MILLIS = 20_000;

/** What the decision cache may hold: outcomes after the gate of participation, of the same flag, experiment and attributes. */
export class OutcomeMemory {
  readonly #kept = new Map<string, KeptOutcome[]>();
  readonly #ttlMillis: number;

  /** @param ttlMillis how long outcomes are kept; 0 for not at all */
  constructor(ttlMillis: number) {
    this.#ttlMillis = ttlMillis;
  }

  /** An answer that is explained: its outcomes may be met again. */
  learn(attempt: Attempt, candidates: readonly CandidateRevision[]): void {
    if (this.#ttlMillis === 0 || attempt.question.peek) return;
    for (const given of attempt.decisions ?? []) {
      const key = keyOf(given.flag, attempt.question.subject, JSON.stringify(attempt.question.attributes));
      this.#keep(key, given, { candidates, from: attempt.startedAt, to: attempt.endedAt });
    }
  }

  /** A row whose answer was lost. Whose attributes it was for is not known. */
  learnRow(row: DecisionRow, candidates: readonly CandidateRevision[]): void {
    if (this.#ttlMillis === 0) return;
    const span = { candidates, from: row.decidedAt, to: row.decidedAt + UNANSWERED_MILLIS };
    this.#keep(keyOf(row.flag, row.subject, "?"), row, span);
  }

  /** The kept outcome that an answer may rest on, with the value that the configuration gives it. */
  find(attempt: Attempt, given: GivenDecision, configuration: ModelConfiguration): Expected | null {
    if (this.#ttlMillis === 0 || attempt.question.peek || given.experimentId === null) return null;
    const experiment = experimentById(configuration, given.experimentId);
    const flag = configuration.definitions.flags.find(({ key }) => key === given.flag);
    if (experiment?.status !== "running" || experiment.flag !== given.flag || flag === undefined) return null;
    const stamp = stampsOf(configuration, given.flag, experiment);
    const oldest = attempt.startedAt - this.#ttlMillis - SLACK_MILLIS;
    const keys = [JSON.stringify(attempt.question.attributes), "?"].map((attributes) =>
      keyOf(given.flag, attempt.question.subject, attributes),
    );
    const found = keys
      .flatMap((key) => this.#kept.get(key) ?? [])
      .some(
        (kept) =>
          kept.reason === given.reason &&
          kept.experimentId === given.experimentId &&
          kept.variantId === given.variantId &&
          kept.stamps.has(stamp) &&
          kept.from <= attempt.endedAt &&
          kept.to >= oldest,
      );
    if (!found) return null;
    const variant = experiment.variants.find(
      ({ name }) => configuration.ids.variants.get(variantKey(experiment.key, name)) === given.variantId,
    );
    if (given.reason === "experiment_assigned" && variant === undefined) return null;
    const { experimentId, reason, variantId } = given;
    const value =
      variant === undefined
        ? ruledValue(configuration.definitions, flag, attempt.question)
        : { value: variant.value, ruleId: null };
    return { reason, experimentId, variantId, ...value };
  }

  /** Forgets what no cache can have any more. */
  forgetBefore(time: number): void {
    for (const [key, kept] of this.#kept) {
      const left = kept.filter(({ to }) => to >= time - this.#ttlMillis - SLACK_MILLIS);
      if (left.length === 0) this.#kept.delete(key);
      else this.#kept.set(key, left);
    }
  }

  #keep(
    key: string,
    outcome: {
      readonly reason: string;
      readonly experimentId: string | null;
      readonly variantId: string | null;
      readonly flag: string;
    },
    span: { readonly candidates: readonly CandidateRevision[]; readonly from: number; readonly to: number },
  ): void {
    const { experimentId, flag, reason, variantId } = outcome;
    if (experimentId === null || !KEPT_REASONS.includes(reason)) return;
    const stamps = span.candidates.flatMap(({ revision: { configuration } }) => {
      const experiment = experimentById(configuration, experimentId);
      return experiment === undefined ? [] : [stampsOf(configuration, flag, experiment)];
    });
    const kept = this.#kept.get(key) ?? [];
    kept.push({ reason, experimentId, variantId, stamps: new Set(stamps), from: span.from, to: span.to });
    this.#kept.set(key, kept);
  }
}

function keyOf(flag: string, subject: string, attributes: string): string {
  return JSON.stringify([flag, subject, attributes]);
}

function stampsOf(configuration: ModelConfiguration, flag: string, { key, rule }: ModelExperiment): string {
  const segments = [...new Set(segmentsOf(rule, configuration.definitions.segments))].toSorted();
  return [
    stampOf(configuration, "flag", flag),
    stampOf(configuration, "experiment", key),
    ...segments.map((segment) => stampOf(configuration, "segment", segment)),
  ].join("/");
}
