import type { DecisionRecord, JsonObject, SubjectHistory } from "@lotty/domain";
import { decide, persistedValue, type Outcome, type Snapshot } from "@lotty/engine";
import { recordOf } from "../decision-record.ts";
import { firstDifference, gateOf, positionOf, sideOf } from "./first-difference.ts";
import { REPLAY_GATES, type Replay, type ReplayGate } from "./replay.ts";
import { watchedAttributes } from "./watched-attributes.ts";

/** A configuration with which a decision may have been taken. */
export interface ReplayConfiguration {
  readonly snapshot: Snapshot;
  /** The same without anything that reads attributes: no rule, no conflict domain. */
  readonly withoutRules: () => Snapshot;
}

/** What a decision may have been taken with. */
export interface ReplayFacts {
  readonly configuration: ReplayConfiguration;
  /** The likeliest first; at least one. */
  readonly histories: readonly SubjectHistory[];
  /** `null` when they are not known. */
  readonly attributes: JsonObject | null;
}

/** That a decision came out differently. */
export type Difference = Extract<Replay, { readonly status: "differs" }>;

/** The one of two differences that comes farther; the first of those that come equally far. */
export function closerOf(one: Difference | null, other: Difference): Difference {
  return one !== null && positionOf(one.gate) >= positionOf(other.gate) ? one : other;
}

/**
 * Takes a recorded decision again. It is `identical` when it comes out the same on one of the histories; else the attempt that
 * comes farthest tells where it `differs`. Where it depends on attributes that are not known, the gates that read none are
 * compared, and it is `not_checkable` when they agree. A function of its arguments.
 */
export function replayDecision(
  recorded: DecisionRecord,
  { configuration, histories, attributes }: ReplayFacts,
): Replay {
  const { revision } = configuration.snapshot;
  let closest: Difference | null = null;
  for (const history of histories) {
    const attempt = takeAgain(recorded, configuration, { history, attributes });
    const gate = firstDifference(recorded, attempt.record);
    if (gate === null) {
      return attempt.isExact
        ? { status: "identical", revision, basis: "computed" }
        : { status: "not_checkable", missing: "attributes", checked: checkedGates(recorded) };
    }
    const [was, is] = [sideOf(recorded), sideOf(attempt.record)];
    closest = closerOf(closest, { status: "differs", gate, revision, recorded: was, replayed: is });
  }
  return closest ?? { status: "not_checkable", missing: "configuration", checked: [] };
}

interface Attempt {
  readonly record: DecisionRecord;
  /** Whether it is what comes out, and not only what is sure about that. */
  readonly isExact: boolean;
}

interface Circumstances {
  readonly history: SubjectHistory;
  readonly attributes: JsonObject | null;
}

function takeAgain(recorded: DecisionRecord, at: ReplayConfiguration, { history, attributes }: Circumstances): Attempt {
  const again = (snapshot: Snapshot, known: JsonObject): Outcome =>
    decide(snapshot, recorded.flagKey, {
      subject: { id: recorded.subjectId, attributes: known },
      history,
      now: recorded.decidedAt,
    });
  if (attributes !== null) return { record: asRecord(again(at.snapshot, attributes), recorded), isExact: true };
  const watched = watchedAttributes();
  const outcome = again(at.snapshot, watched.attributes);
  if (!watched.wereRead()) return { record: asRecord(outcome, recorded), isExact: true };
  return { record: assumed(again(at.withoutRules(), {}), recorded, at.snapshot), isExact: false };
}

function asRecord(outcome: Outcome, recorded: DecisionRecord): DecisionRecord {
  const { attributesDigest, decidedAt, decisionId, environmentId, flagKey, subjectId } = recorded;
  return recordOf(outcome, { attributesDigest, decisionId, environmentId, flagKey, subjectId, now: decidedAt });
}

/** What comes out without rules and domains, with what the record says of those put in its place. */
function assumed(outcome: Outcome, recorded: DecisionRecord, snapshot: Snapshot): DecisionRecord {
  const record = asRecord(outcome, recorded);
  const flag = snapshot.flags.get(recorded.flagKey)?.flag;
  const isRefusal = mayBeRefused(outcome, recorded);
  const defaultValue = persistedValue(flag?.defaultValue ?? null);
  const refusal = { reason: recorded.reason, variantId: null, value: defaultValue };
  const isLeftOut = outcome.rolledBack !== null && recorded.value === defaultValue;
  const ruled = isRefusal ? { ...record, ...refusal } : { ...record, ...(isLeftOut && { value: defaultValue }) };
  if (ruled.reason === "experiment_assigned" || (flag?.rules ?? []).length === 0) return ruled;
  return { ...ruled, ruleId: recorded.ruleId, value: recorded.value };
}

/** Whether the refusal that is recorded could have come from a rule or a domain. */
function mayBeRefused({ experiment, reason }: Outcome, recorded: DecisionRecord): boolean {
  if (experiment === null) return false;
  if (recorded.reason === "targeting_mismatch") return true;
  return recorded.reason === "domain_conflict" && reason !== "participation_limit";
}

/** The gates up to the one that gave the reason, but for those that read attributes. */
function checkedGates({ reason }: DecisionRecord): readonly ReplayGate[] {
  const reached = REPLAY_GATES.slice(0, positionOf(gateOf(reason)) + 1);
  return reached.filter((gate) => gate !== "targeting" && gate !== "conflict_domains");
}
