import type {
  Configuration,
  ConfigurationSource,
  DecisionRecord,
  DecisionRecorder,
  SubjectHistorySource,
} from "@lotty/domain";

/** A store that scenarios run on. */
export interface ScenarioStore {
  /** Marks in `requires` that the store's schema cannot hold. */
  readonly forbiddenBySchema: ReadonlySet<string>;
  readonly source: ConfigurationSource;
  readonly history: SubjectHistorySource;
  readonly recorder: DecisionRecorder;
  /** Empties the store. */
  reset(): Promise<void>;
  /** Makes the store's configuration the given one. */
  configure(configuration: Configuration): Promise<void>;
  /** Writes decisions of the past. */
  addDecisions(decisions: readonly DecisionRecord[]): Promise<void>;
  /** The stored decisions with these ids, as they can be read back. */
  findDecisions(ids: readonly string[]): Promise<readonly StoredDecision[]>;
  close(): Promise<void>;
}

/** What scenarios compare of a stored decision. */
export type StoredDecision = Pick<
  DecisionRecord,
  "decisionId" | "flagKey" | "subjectId" | "experimentId" | "variantId" | "value" | "reason"
>;
