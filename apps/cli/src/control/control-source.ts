import type { ResultsSource } from "../results/results-source.ts";
import type {
  ApproverGroupResponse,
  AuditEntryResponse,
  ChainVerdictResponse,
  ConflictDomainResponse,
  EventTypeResponse,
  ExperimentResponse,
  ExperimentSummaryResponse,
  FlagDifferenceResponse,
  FlagResponse,
  FlagVersionResponse,
  LaunchGateResponse,
  MetricResponse,
  OverlapResponse,
  PreviewResponse,
  ReviewsResponse,
  SegmentResponse,
  StaleFlagResponse,
} from "@lotty/contracts";
import type { CertificateResponse } from "@lotty/contracts/certificate";
import type { DefinitionsResponse } from "@lotty/contracts/definitions";
import type { Definitions, DefinitionsForm } from "@lotty/definitions";

/** Which flags are asked for; all that is left out does not matter. */
export interface FlagFilter {
  readonly key?: string;
  readonly tag?: string;
  readonly owner?: string;
  readonly archived?: boolean;
}

/** What is done with a flag and says nothing but itself. */
export type FlagAction = "archive" | "unarchive" | "enable" | "disable";

/**
 * Where flags are kept. Bodies are those of the API; a `version` is the one that a change is made for, and any will do where it is
 * absent. As for all of these, refusals are thrown as `ControlRefused` and everything else as LottyError.
 */
export interface FlagSource {
  list(filter: FlagFilter): Promise<readonly FlagResponse[]>;
  find(id: string): Promise<FlagResponse>;
  create(body: object): Promise<FlagResponse>;
  edit(id: string, version: number, body: object): Promise<FlagResponse>;
  act(id: string, action: FlagAction, version?: number): Promise<FlagResponse>;
  /** Makes the flag decide as it did at the version `to`. */
  restore(id: string, to: number, version?: number): Promise<FlagResponse>;
  remove(id: string, version?: number): Promise<void>;
  /** The last versions, newest first. */
  versions(id: string, limit: number): Promise<readonly FlagVersionResponse[]>;
  diff(id: string, span: { readonly from: number; readonly to: number }): Promise<readonly FlagDifferenceResponse[]>;
  stale(days: number): Promise<readonly StaleFlagResponse[]>;
}

/** Which experiments are asked for. */
export interface ExperimentFilter {
  readonly key?: string;
  readonly status?: string;
  readonly flag_id?: string;
}

/** What is done with an experiment, as the API's paths call it. */
export const EXPERIMENT_ACTIONS = [
  "submit",
  "approve",
  "request-changes",
  "reject",
  "withdraw-approval",
  "start",
  "pause",
  "resume",
  "apply-edit",
  "complete",
  "archive",
] as const;

/** One of {@link EXPERIMENT_ACTIONS}. */
export type ExperimentAction = (typeof EXPERIMENT_ACTIONS)[number];

/** What an action on an experiment says. */
export interface ExperimentStep {
  readonly version?: number;
  readonly body?: object;
}

/** Where experiments are kept; as {@link FlagSource}. */
export interface ExperimentSource {
  list(filter: ExperimentFilter): Promise<readonly ExperimentSummaryResponse[]>;
  find(id: string): Promise<ExperimentResponse>;
  create(body: object): Promise<ExperimentResponse>;
  edit(id: string, version: number, body: object): Promise<ExperimentResponse>;
  preview(id: string, body: object): Promise<PreviewResponse>;
  launchGate(id: string): Promise<LaunchGateResponse>;
  reviews(id: string): Promise<ReviewsResponse>;
  /** The launch certificate that was computed last; `not_found` until there is one. */
  certificate(id: string): Promise<CertificateResponse>;
  act(id: string, action: ExperimentAction, step: ExperimentStep): Promise<ExperimentResponse>;
  remove(id: string, version?: number): Promise<void>;
}

/** Where segments are kept; as {@link FlagSource}. */
export interface SegmentSource {
  list(): Promise<readonly SegmentResponse[]>;
  create(body: object): Promise<SegmentResponse>;
  edit(id: string, version: number, body: object): Promise<SegmentResponse>;
  remove(id: string, version?: number): Promise<void>;
}

/** Where event types are kept, by key; as {@link FlagSource}. */
export interface EventTypeSource {
  list(): Promise<readonly EventTypeResponse[]>;
  create(body: object): Promise<EventTypeResponse>;
  edit(key: string, version: number, body: object): Promise<EventTypeResponse>;
}

/** Where metrics are kept; as {@link FlagSource}. */
export interface MetricSource {
  /** The current versions, archived metrics too. */
  list(): Promise<readonly MetricResponse[]>;
  /** A metric in one of its versions; the current one when none is named. */
  find(id: string, version?: number): Promise<MetricResponse>;
  create(body: object): Promise<MetricResponse>;
  edit(id: string, version: number, body: object): Promise<MetricResponse>;
}

/** Where conflict domains are kept; as {@link FlagSource}. */
export interface DomainSource {
  list(): Promise<readonly ConflictDomainResponse[]>;
  create(body: object): Promise<ConflictDomainResponse>;
  edit(id: string, body: object): Promise<ConflictDomainResponse>;
  remove(id: string): Promise<void>;
  overlap(id: string, days: number): Promise<OverlapResponse>;
}

/** Where approver groups are kept; as {@link FlagSource}. */
export interface ApproverGroupSource {
  list(): Promise<readonly ApproverGroupResponse[]>;
  /** Makes a group, or with the id of one replaces it. */
  put(id: string | undefined, body: object): Promise<ApproverGroupResponse>;
  remove(id: string): Promise<void>;
}

/** Which entries on record are asked for, as the API's query names it. */
export type AuditQuestion = Readonly<
  Partial<Record<"kind" | "entity_id" | "actor_id" | "action" | "from" | "to", string>>
>;

/** The end that the chain is known to have had. */
export interface KnownHead {
  readonly sequence: number;
  readonly hash: string;
}

/** The record of all changes; as {@link FlagSource}. */
export interface AuditSource {
  /** The newest entries, newest first. */
  list(question: AuditQuestion, limit: number): Promise<readonly AuditEntryResponse[]>;
  /** The record as a file, oldest entry first, piece by piece. */
  export(question: AuditQuestion, format: "ndjson" | "csv"): AsyncIterable<string>;
  verify(head?: KnownHead): Promise<ChainVerdictResponse>;
}

/** A definitions file that was read. */
export interface DefinitionsFile {
  readonly text: string;
  readonly definitions: Definitions;
  /** Whether what it does not state is removed. */
  readonly prune: boolean;
}

/** Files that change what is stored, and the file that tells of it; as {@link FlagSource}. */
export interface DefinitionsSource {
  /** What applying a file would change. */
  plan(file: DefinitionsFile): Promise<DefinitionsResponse>;
  /** Carries it out, unless something was committed since the revision that was planned from. */
  apply(file: DefinitionsFile, revision: number): Promise<DefinitionsResponse>;
  export(form: DefinitionsForm): Promise<string>;
}

/** Where flags, experiments and all that belongs to them are kept: a database, or a running API. */
export interface ControlSource {
  readonly results: ResultsSource;
  /** Where that is, for people. */
  readonly location: string;
  readonly flags: FlagSource;
  readonly experiments: ExperimentSource;
  readonly eventTypes: EventTypeSource;
  readonly metrics: MetricSource;
  readonly segments: SegmentSource;
  readonly domains: DomainSource;
  readonly groups: ApproverGroupSource;
  readonly audit: AuditSource;
  readonly definitions: DefinitionsSource;
}
