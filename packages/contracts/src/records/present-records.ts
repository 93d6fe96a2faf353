import type { Replay, ReplayGap, ReplayGate, SubjectPage } from "@lotty/decisions";
import {
  type DecisionPage,
  type DecisionReason,
  type DecisionRecord,
  type Erasure,
  type ExperimentStatus,
  formatInstant,
} from "@lotty/domain";
import type { Standing } from "@lotty/engine";
import type { BlockingAssignmentResponse } from "../explanation-response.ts";
import { cursorOf } from "./record-queries.ts";

/** A recorded decision. */
export interface RecordResponse {
  readonly decision_id: string;
  readonly decided_at: string;
  readonly subject_id: string;
  readonly flag: string;
  readonly reason: DecisionReason;
  /** The value as text; see "values on record" in the documentation. */
  readonly value: string;
  readonly experiment_id: string | null;
  readonly variant_id: string | null;
  readonly rule_id: string | null;
  readonly flag_version: number | null;
  readonly experiment_version: number | null;
  readonly hash_version: number;
  readonly attributes_digest: string | null;
}

/** A page of recorded decisions, newest first. */
export interface RecordsResponse {
  readonly decisions: readonly RecordResponse[];
  /** `cursor` of the next page; `null` after the last. */
  readonly next_cursor: string | null;
}

/** That a subject was erased. */
export interface ErasureResponse {
  readonly erasure_id: string;
  readonly erased_at: string;
  readonly erased_by: string;
  readonly decisions: number;
  readonly assignments: number;
  /** `null` of an erasure that came before events were counted. */
  readonly events: number | null;
}

/** An assignment of a subject. */
export interface AssignmentResponse {
  readonly experiment_id: string;
  readonly experiment_key: string | null;
  readonly flag: string | null;
  readonly status: ExperimentStatus | null;
  readonly variant_id: string;
  readonly variant_name: string | null;
  readonly first_decided_at: string;
  readonly last_decided_at: string;
}

/** All that is known of one subject. */
export interface SubjectResponse {
  readonly subject_id: string;
  readonly at: string;
  readonly assignments: readonly AssignmentResponse[];
  readonly participation: { readonly limit: number; readonly taken: readonly BlockingAssignmentResponse[] };
  readonly cooldown: {
    readonly days: number;
    readonly free_at: string | null;
    readonly cooling: readonly BlockingAssignmentResponse[];
  };
  readonly domains: readonly {
    readonly domain_id: string;
    readonly domain_key: string;
    readonly holder: BlockingAssignmentResponse;
  }[];
  readonly last_decisions: readonly RecordResponse[];
  readonly erasures: readonly ErasureResponse[];
}

/** What is compared in a replay. */
export interface ReplaySideResponse {
  readonly reason: DecisionReason;
  readonly value: string;
  readonly experiment_id: string | null;
  readonly variant_id: string | null;
  readonly rule_id: string | null;
  readonly flag_version: number | null;
  readonly experiment_version: number | null;
}

/** What came of taking a decision again. */
export type ReplayResponse = { readonly decision_id: string } & (
  | { readonly status: "identical"; readonly revision: number; readonly basis: "computed" | "kept" }
  | {
      readonly status: "differs";
      readonly gate: ReplayGate;
      readonly revision: number;
      readonly recorded: ReplaySideResponse;
      readonly replayed: ReplaySideResponse;
    }
  | { readonly status: "not_checkable"; readonly missing: ReplayGap; readonly checked: readonly ReplayGate[] }
);

/** The wire form of a recorded decision. */
export function presentRecord(decision: DecisionRecord): RecordResponse {
  return {
    decision_id: decision.decisionId,
    decided_at: formatInstant(decision.decidedAt),
    subject_id: decision.subjectId,
    flag: decision.flagKey,
    reason: decision.reason,
    value: decision.value,
    experiment_id: decision.experimentId,
    variant_id: decision.variantId,
    rule_id: decision.ruleId,
    flag_version: decision.flagVersion,
    experiment_version: decision.experimentVersion,
    hash_version: decision.hashVersion,
    attributes_digest: decision.attributesDigest,
  };
}

/** The wire form of a page of decisions. */
export function presentRecords({ decisions, next }: DecisionPage): RecordsResponse {
  return { decisions: decisions.map(presentRecord), next_cursor: next === null ? null : cursorOf(next) };
}

/** The wire form of an erasure. */
export function presentErasure({ assignments, at, by, decisions, erasureId, events }: Erasure): ErasureResponse {
  return { erasure_id: erasureId, erased_at: formatInstant(at), erased_by: by, decisions, assignments, events };
}

/** The wire form of a subject's page. */
export function presentSubject({ erasures, lastDecisions, standing, subjectId }: SubjectPage): SubjectResponse {
  const { assignments, at, cooldown, domains, participation } = standing;
  return {
    subject_id: subjectId,
    at: formatInstant(at),
    assignments: assignments.map(presentAssignment),
    participation: { limit: participation.limit, taken: participation.taken.map(presentBlocking) },
    cooldown: {
      days: cooldown.days,
      free_at: cooldown.freeAt === null ? null : formatInstant(cooldown.freeAt),
      cooling: cooldown.cooling.map(presentBlocking),
    },
    domains: domains.map(({ domainId, domainKey, holder }) => ({
      domain_id: domainId,
      domain_key: domainKey,
      holder: presentBlocking(holder),
    })),
    last_decisions: lastDecisions.map(presentRecord),
    erasures: erasures.map(presentErasure),
  };
}

/** The wire form of a replay. */
export function presentReplay(decisionId: string, replay: Replay): ReplayResponse {
  const named = { decision_id: decisionId };
  if (replay.status !== "differs") return { ...named, ...replay };
  const { gate, recorded, replayed, revision, status } = replay;
  return { ...named, status, gate, revision, recorded: presentSide(recorded), replayed: presentSide(replayed) };
}

type Differing = Extract<Replay, { readonly status: "differs" }>;

function presentSide(side: Differing["recorded"]): ReplaySideResponse {
  return {
    reason: side.reason,
    value: side.value,
    experiment_id: side.experimentId,
    variant_id: side.variantId,
    rule_id: side.ruleId,
    flag_version: side.flagVersion,
    experiment_version: side.experimentVersion,
  };
}

function presentAssignment(assignment: Standing["assignments"][number]): AssignmentResponse {
  const { experiment, experimentId, firstDecidedAt, lastDecidedAt, variantId, variantName } = assignment;
  return {
    experiment_id: experimentId,
    experiment_key: experiment?.key ?? null,
    flag: experiment?.flagKey ?? null,
    status: experiment?.status ?? null,
    variant_id: variantId,
    variant_name: variantName,
    first_decided_at: formatInstant(firstDecidedAt),
    last_decided_at: formatInstant(lastDecidedAt),
  };
}

function presentBlocking(blocking: Standing["participation"]["taken"][number]): BlockingAssignmentResponse {
  return {
    experiment_id: blocking.experimentId,
    experiment_key: blocking.experimentKey,
    status: blocking.status,
    last_decided_at: formatInstant(blocking.lastDecidedAt),
    ...(blocking.freeAt !== undefined && { free_at: formatInstant(blocking.freeAt) }),
  };
}
