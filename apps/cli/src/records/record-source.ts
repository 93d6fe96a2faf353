import type { ErasureResponse, RecordResponse, ReplayResponse, SubjectResponse } from "@lotty/contracts";
import type { Instant, JsonObject } from "@lotty/domain";
import type { ReplayCounts, ReplayRun } from "./replay-span.ts";

/** Which decisions are asked for. */
export interface RecordFilter {
  readonly subject?: string;
  /** Key or id. */
  readonly experiment?: string;
  readonly flag?: string;
  readonly from: Instant;
  /** Most decisions. */
  readonly limit: number;
}

/** Decisions, newest first. */
export interface FoundRecords {
  readonly decisions: readonly RecordResponse[];
  /** Whether there are more than were asked for. */
  readonly more: boolean;
}

/** Where decisions on record are kept: a database, or a running API. All methods throw LottyError with the codes of the API. */
export interface RecordSource {
  list(filter: RecordFilter): Promise<FoundRecords>;
  find(id: string): Promise<RecordResponse>;
  /** Takes a decision again. `attributes` are those that it was asked with; `null` when they are not known. */
  replay(id: string, attributes: JsonObject | null): Promise<ReplayResponse>;
  /** Takes all decisions of a span again, in memory that does not grow with their number. */
  replayAll(run: ReplayRun): Promise<ReplayCounts>;
  subject(id: string): Promise<SubjectResponse>;
  erase(id: string): Promise<ErasureResponse>;
}
