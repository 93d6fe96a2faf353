import { randomUUID } from "node:crypto";
import {
  MICROS_PER_MILLI,
  type Assignment,
  type AuditEntry,
  type ConfigurationHistory,
  type ConfigurationSource,
  type ConfigurationWriter,
  type DecisionLog,
  type DecisionRecord,
  type DecisionRecorder,
  type DecisionSink,
  type Experiment,
  type Flag,
  type RecordedAttributes,
  type Segment,
  type SubjectEraser,
  type SubjectHistorySource,
  type SubjectPast,
} from "@lotty/domain";

/** Everything a database keeps, to be tested. Nothing is stored in it yet. */
export interface OpenedDecisionStore {
  readonly configuration: ConfigurationSource & ConfigurationWriter;
  readonly history: SubjectHistorySource;
  readonly recorder: DecisionRecorder;
  readonly sink: DecisionSink;
  readonly log: DecisionLog;
  readonly past: SubjectPast;
  readonly recordedAttributes: RecordedAttributes;
  readonly configurationHistory: ConfigurationHistory;
  readonly eraser: SubjectEraser;
  /** Everything that is on record. */
  entries(): Promise<readonly AuditEntry[]>;
  /** An environment besides the default one, empty as well. */
  readonly otherEnvironmentId: string;
  /** The stored decisions among some ids, in any order. */
  storedDecisions(decisionIds: readonly string[]): Promise<readonly DecisionRecord[]>;
  close(): Promise<void>;
}

/** Start of the tests' time, with microseconds that no binary fraction of a second holds exactly. */
export const STORE_NOW: number = Date.UTC(2026, 2, 1, 12) * MICROS_PER_MILLI + 123_457;

/** A flag of its own. */
export function sampleFlag(fields: Partial<Flag> = {}): Flag {
  const id = randomUUID();
  return {
    id,
    key: `flag-${id}`,
    valueType: "string",
    defaultValue: "default",
    enabled: true,
    rules: [],
    version: 1,
    updatedAt: STORE_NOW,
    ...fields,
  };
}

/** A segment of its own. */
export function sampleSegment(fields: Partial<Segment> = {}): Segment {
  const id = randomUUID();
  return { id, key: `segment-${id}`, rule: 'plan == "beta"', version: 1, updatedAt: STORE_NOW, ...fields };
}

/** A draft with two variants, on a flag. */
export function sampleExperiment(flagId: string, fields: Partial<Experiment> = {}): Experiment {
  const id = randomUUID();
  return {
    id,
    key: `experiment-${id}`,
    flagId,
    status: "draft",
    version: 1,
    updatedAt: STORE_NOW,
    targetingRules: null,
    trafficAllocation: 10_000,
    variants: ["treatment", "control"].map((name) => ({
      id: randomUUID(),
      name,
      value: name,
      weight: 5_000,
      isControl: name === "control",
    })),
    hashVersion: 1,
    stickyAssignment: false,
    ...fields,
  };
}

/** Stores some experiments, each running on a flag of its own, and gives their ids in ascending order. */
export async function storeExperiments(
  configuration: ConfigurationSource & ConfigurationWriter,
  environmentId: string,
  count: number,
): Promise<readonly string[]> {
  const flags = Array.from({ length: count }, () => sampleFlag());
  const experiments = flags.map((flag) => sampleExperiment(flag.id, { status: "running" }));
  const revision = await configuration.revision(environmentId);
  await configuration.apply(environmentId, { putFlags: flags, putExperiments: experiments }, revision);
  return experiments.map(({ id }) => id).toSorted();
}

/** A new UUIDv7 with the time of an instant. */
export function sampleDecisionId(instant: number): string {
  const millis = Math.floor(instant / MICROS_PER_MILLI)
    .toString(16)
    .padStart(12, "0");
  return `${millis.slice(0, 8)}-${millis.slice(8)}-7${randomUUID().slice(15)}`;
}

/** Decisions of one subject. */
export interface SampleSubject {
  readonly environmentId: string;
  readonly subjectId: string;
}

/** A decision that says nothing but that there is no such flag. */
export function sampleDecision(subject: SampleSubject, fields: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    ...subject,
    decisionId: sampleDecisionId(fields.decidedAt ?? STORE_NOW),
    flagKey: "flag",
    experimentId: null,
    variantId: null,
    value: "",
    reason: "flag_not_found",
    ruleId: null,
    flagVersion: null,
    experimentVersion: null,
    attributesDigest: null,
    hashVersion: 1,
    decidedAt: STORE_NOW,
    ...fields,
  };
}

/** A decision that assigns an experiment. */
export function assigningDecision(
  subject: SampleSubject,
  experimentId: string,
  fields: Partial<DecisionRecord> = {},
): DecisionRecord {
  return sampleDecision(subject, {
    experimentId,
    variantId: randomUUID(),
    value: "treatment",
    reason: "experiment_assigned",
    flagVersion: 1,
    experimentVersion: 1,
    ...fields,
  });
}

/** The assignment that follows from a single decision. */
export function assignmentOf({ experimentId, variantId, decidedAt }: DecisionRecord): Assignment {
  return {
    experimentId: experimentId ?? "",
    variantId: variantId ?? "",
    firstDecidedAt: decidedAt,
    lastDecidedAt: decidedAt,
  };
}

/** Assignments by their experiment, for comparing histories, which are in no order. */
export function byExperiment(history: readonly Assignment[]): readonly Assignment[] {
  return history.toSorted((a, b) => (a.experimentId < b.experimentId ? -1 : 1));
}

/** Decisions by their id, for comparing them with stored ones, which are in no order. */
export function byDecisionId(decisions: readonly DecisionRecord[]): readonly DecisionRecord[] {
  return decisions.toSorted((a, b) => (a.decisionId < b.decisionId ? -1 : 1));
}

/** Texts that storage must keep byte by byte: each differs from its neighbours only in what sloppy storage would lose. */
export const TREACHEROUS_TEXTS: readonly string[] = [
  "a",
  "A",
  " a",
  "a ",
  "a\\",
  'a"',
  "a'",
  "{a}",
  "a,b",
  "NULL",
  "null",
  "$1",
  "a\tb\r\n",
  "\u00e9",
  "e\u0301",
  "\ufeffa",
  "\u{1f600}",
  "\uffff",
];
