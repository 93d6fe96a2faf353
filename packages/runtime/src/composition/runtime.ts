import type { RedisConnections } from "@lotty/cache";
import type { Config } from "@lotty/config";
import type { Decider, DecisionRecords, FollowedEnvironments, Spooling } from "@lotty/decisions";
import type { AuditLinker, Clock, DecisionSpool, EventSpool, IdSource, Logger, Timer } from "@lotty/domain";
import type { EventIntake, EventSpooling } from "@lotty/events";
import type { MeasureStorage, Storage } from "@lotty/persistence";
import type { Health } from "../health/health.ts";
import type { Metrics } from "../metrics/create-metrics.ts";

/**
 * What a process is for. `api`: decides, follows the configuration, goes on starting while the database is away.
 * `worker`: writes what the stream holds; does not decide. `cli`: decides once with what is there now, and fails when
 * something is not.
 */
export type Role = "api" | "worker" | "cli";

/** What a runtime is opened with besides its configuration. */
export interface RuntimeOptions {
  readonly role: Role;
  readonly logger: Logger;
  /** Runs once, with the schema in place and before the first configuration is loaded. Repeated when the database goes away. */
  readonly prepare?: (storage: Storage) => Promise<void>;
  /** Defaults to new ones. */
  readonly metrics?: Metrics;
  /** Default: those of the machine. */
  readonly clock?: Clock;
  readonly timer?: Timer;
  readonly ids?: IdSource;
}

/** What lets a process decide while its database is away. */
export interface OutageParts {
  readonly spool: DecisionSpool;
  readonly spooling: Spooling;
}

/** What lets a process take events while its database is away. */
export interface EventOutageParts {
  readonly spool: EventSpool;
  readonly spooling: EventSpooling;
}

/** Everything a process works with, put together from its configuration. */
export interface Runtime {
  readonly role: Role;
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly ids: IdSource;
  /** Makes entries of the chain of changes. */
  readonly audit: AuditLinker;
  readonly storage: Storage;
  /** `null` where decisions are not spooled: an embedded database, another role than `api`, or switched off. */
  readonly outage: OutageParts | null;
  /** `null` where events are not spooled, for the same reasons. */
  readonly eventOutage: EventOutageParts | null;
  /** Stream members, dead letters and the server's state; `null` without Redis. */
  readonly redis: RedisConnections | null;
  /** The configurations in use, their revisions and age. A `worker` follows none, a `cli` those that it is told to. */
  readonly snapshots: FollowedEnvironments;
  readonly decider: Decider;
  /** What metrics measured, as the metrics of this version mean it. */
  readonly measures: MeasureStorage;
  /** The decisions on record. */
  readonly records: DecisionRecords;
  readonly intake: EventIntake;
  /**
   * Resolves when the schema is in place and the first configuration is loaded; from then on `health` is ready, and
   * earlier where a configuration was kept on disk. Rejects when the start fails for good. It has resolved already when the database was there.
   */
  readonly ready: Promise<void>;
  /** Stops following, writes what was taken, and lets go of Redis and the database. Calling it twice does no harm. */
  close(): Promise<void>;
}
