import type {
  ChangeNotices,
  ConfigurationHistory,
  ConfigurationSource,
  ConfigurationWriter,
  DecisionLog,
  DecisionRecorder,
  DecisionSink,
  IdempotencyStore,
  JobLocks,
  MeterMaker,
  NotificationQueue,
  RecordedAttributes,
  SubjectEraser,
  SubjectHistorySource,
  SubjectPast,
} from "@lotty/domain";
import type { IdentityStore } from "@lotty/identity";
import type { ControlStorage } from "./control/control-storage.ts";
import type { EventStorage } from "./events/event-storage.ts";
import type { MeasureStorage } from "./metrics/measure-storage.ts";
import type { SchemaState } from "./migrations/migrator.ts";
import type { DecisionPartitions } from "./partitions/pg-decision-partitions.ts";
import type { DecisionRetention } from "./partitions/pg-decision-retention.ts";

/** One database with all the ports that it serves. */
export interface Storage {
  readonly kind: "postgres" | "pglite";
  /** Where the data is, for people to read: without a password. */
  readonly location: string;
  /**
   * Brings the schema up to this version; processes that do so at the same time wait for each other.
   *
   * @returns the steps that were applied
   * @throws LottyError `schema_mismatch` when a newer version migrated the database, `database_unavailable`,
   * `database_rejected`
   */
  migrate(): Promise<{ readonly applied: readonly string[] }>;
  /** Compares the schema with this version. */
  schemaState(): Promise<SchemaState>;
  readonly configuration: ConfigurationSource & ConfigurationWriter;
  readonly control: ControlStorage;
  readonly events: EventStorage;
  /** Announcements on their way to webhooks. */
  readonly notificationQueue: NotificationQueue;
  readonly identity: IdentityStore;
  readonly idempotency: IdempotencyStore;
  readonly history: SubjectHistorySource;
  readonly recorder: DecisionRecorder;
  readonly sink: DecisionSink;
  /** The decisions on record. */
  readonly log: DecisionLog;
  readonly configurationHistory: ConfigurationHistory;
  readonly past: SubjectPast;
  readonly recordedAttributes: RecordedAttributes;
  readonly eraser: SubjectEraser;
  readonly notices: ChangeNotices;
  readonly partitions: DecisionPartitions;
  readonly decisionRetention: DecisionRetention;
  /**
   * What metrics measured, and what keeps it up to date.
   *
   * @param meterOf how metrics measure
   */
  measures(meterOf: MeterMaker): MeasureStorage;
  readonly jobLocks: JobLocks;
  /**
   * Asks the database for a sign of life.
   *
   * @throws LottyError `database_unavailable`
   */
  ping(): Promise<void>;
  /** Writes what was taken, then lets go of the database. Calling it twice does no harm. */
  close(): Promise<void>;
}
