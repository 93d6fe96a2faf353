import { LottyError, type JobLocks, type Logger } from "@lotty/domain";
import type { BatchLimits } from "./batching/call-batcher.ts";
import { PgConfigurationSource } from "./configuration/pg-configuration-source.ts";
import { PgConfigurationWriter } from "./configuration/pg-configuration-writer.ts";
import { PgAnalysisPlans } from "./control/pg-analysis-plans.ts";
import { chainAppender } from "./control/audit-chain.ts";
import { PgControlPlaneStore } from "./control/pg-control-plane-store.ts";
import { PgDecisionUsage } from "./control/pg-decision-usage.ts";
import { PgEnvironmentStore } from "./control/pg-environment-store.ts";
import { PgLaunchCertificates } from "./control/pg-launch-certificates.ts";
import { PgRecordedSubjects } from "./control/pg-recorded-subjects.ts";
import { PgSharedSubjects } from "./control/pg-shared-subjects.ts";
import { guarded } from "./database-error.ts";
import { PgEventLog } from "./events/pg-event-log.ts";
import { PgEventRecorder } from "./events/pg-event-recorder.ts";
import { PgEventRetention } from "./events/pg-event-retention.ts";
import { PgEventSink } from "./events/pg-event-sink.ts";
import { PgPendingExposures } from "./events/pg-pending-exposures.ts";
import { PgGuardrailStore } from "./guardrails/pg-guardrail-store.ts";
import { PgSubjectHistorySource } from "./history/pg-subject-history-source.ts";
import { PgIdempotencyStore } from "./idempotency/pg-idempotency-store.ts";
import { pgIdentityStore } from "./identity/pg-identity-store.ts";
import { measureStorage } from "./metrics/measure-storage.ts";
import { PgMetricCatalogue } from "./metrics/pg-metric-catalogue.ts";
import { migrate, schemaState } from "./migrations/migrator.ts";
import { PgLearnings } from "./learnings/pg-learnings.ts";
import { PgNotificationQueue } from "./notifications/pg-notification-queue.ts";
import { PgNotificationReads } from "./notifications/pg-notification-reads.ts";
import { PgChangeNotices, type NotificationSource } from "./notices/pg-change-notices.ts";
import { PgDecisionPartitions } from "./partitions/pg-decision-partitions.ts";
import { PgDecisionRetention } from "./partitions/pg-decision-retention.ts";
import { PgDecisionRecorder } from "./recording/pg-decision-recorder.ts";
import { PgDecisionSink } from "./recording/pg-decision-sink.ts";
import { PgConfigurationHistory } from "./records/pg-configuration-history.ts";
import { PgDecisionLog } from "./records/pg-decision-log.ts";
import { PgRecordedAttributes } from "./records/pg-recorded-attributes.ts";
import { PgSubjectEraser } from "./records/pg-subject-eraser.ts";
import { PgSubjectPast } from "./records/pg-subject-past.ts";
import { knexOn } from "./sql/knex-on.ts";
import { runStatement, type SqlPool } from "./sql/sql-pool.ts";
import type { Storage } from "./storage.ts";

/** What differs between the databases. */
export interface StorageParts {
  readonly kind: Storage["kind"];
  readonly location: string;
  readonly pool: SqlPool;
  readonly logger: Logger;
  /** Runs work on a pool whose statements may take as long as they need. */
  readonly withPatientPool: <Result>(work: (pool: SqlPool) => Promise<Result>) => Promise<Result>;
  readonly notifications: NotificationSource;
  readonly jobLocks: JobLocks;
  /** For reports on measures: few connections, made when they are needed, whose statements may take {@link OVERVIEW_TIMEOUT_MILLIS}. */
  readonly reportPool: SqlPool;
  /** The same on a standby; `null` where there is none. */
  readonly replicaPool: SqlPool | null;
  readonly recorderLimits: BatchLimits;
  readonly lookupLimits: BatchLimits;
  readonly eventLimits: BatchLimits;
  /** Rows per statement when decisions are written in bulk. */
  readonly sinkRows: number;
  /** Called once, after everything else is closed. */
  readonly onClosed: () => Promise<void>;
}

/** Longest run of an overview of the log. Whoever asks for one waits at a screen. */
export const OVERVIEW_TIMEOUT_MILLIS = 30_000;

const poolsOfStorages = new WeakMap<Storage, SqlPool>();

/** The pool that a storage works on, for what lies beneath its ports. */
export function poolOf(storage: Storage): SqlPool {
  const pool = poolsOfStorages.get(storage);
  if (pool === undefined) throw new LottyError("internal", "The storage was not opened by this package.");
  return pool;
}

/** Puts the ports together on one pool. */
export function composeStorage(parts: StorageParts): Storage {
  const { pool } = parts;
  const knex = knexOn(pool, parts.logger);
  const source = new PgConfigurationSource(knex);
  const writer = new PgConfigurationWriter(knex);
  const recorder = new PgDecisionRecorder(pool, parts.recorderLimits);
  const eventRecorder = new PgEventRecorder(pool, parts.eventLimits);
  const history = new PgSubjectHistorySource(pool, parts.lookupLimits);
  const notices = new PgChangeNotices(pool, parts.notifications, parts.logger);
  const append = chainAppender(parts.logger);
  const overviews = { withPatientPool: parts.withPatientPool, timeoutMillis: OVERVIEW_TIMEOUT_MILLIS };
  let closed: Promise<void> | undefined;

  async function close(): Promise<void> {
    await recorder.close();
    await eventRecorder.close();
    await history.close();
    await notices.close();
    // The pool first: knex forgets how to give connections back, and the pool would wait for them for ever.
    await pool.end();
    await parts.reportPool.end();
    await parts.replicaPool?.end();
    await knex.destroy();
    await parts.onClosed();
  }

  const storage: Storage = {
    kind: parts.kind,
    location: parts.location,
    migrate: () =>
      guarded(() =>
        parts.withPatientPool(async (patient) => ({ applied: await migrate(knexOn(patient, parts.logger)) })),
      ),
    schemaState: () => guarded(() => schemaState(knex)),
    configuration: {
      load: (environmentId) => source.load(environmentId),
      revision: (environmentId) => source.revision(environmentId),
      apply: (environmentId, change, expectedRevision) => writer.apply(environmentId, change, expectedRevision),
    },
    control: {
      store: new PgControlPlaneStore(knex, source),
      plans: new PgAnalysisPlans(knex),
      metrics: new PgMetricCatalogue(knex),
      environments: new PgEnvironmentStore(knex),
      guardrails: new PgGuardrailStore(knex, overviews),
      subjects: new PgRecordedSubjects(pool),
      sharedSubjects: new PgSharedSubjects(overviews),
      usage: new PgDecisionUsage(overviews),
      notifications: new PgNotificationReads(knex),
      learnings: new PgLearnings(knex),
      certificates: new PgLaunchCertificates(knex),
    },
    events: {
      recorder: eventRecorder,
      sink: new PgEventSink(pool),
      log: new PgEventLog(pool),
      pendingExposures: new PgPendingExposures(pool),
      retention: new PgEventRetention(pool),
    },
    notificationQueue: new PgNotificationQueue(knex),
    identity: pgIdentityStore(pool, append),
    idempotency: new PgIdempotencyStore(pool),
    history,
    recorder,
    sink: new PgDecisionSink(pool, parts.sinkRows),
    log: new PgDecisionLog(pool),
    configurationHistory: new PgConfigurationHistory(pool),
    past: new PgSubjectPast(pool),
    recordedAttributes: new PgRecordedAttributes(pool),
    eraser: new PgSubjectEraser({ append, pool, withPatientPool: parts.withPatientPool }),
    notices,
    partitions: new PgDecisionPartitions(pool),
    decisionRetention: new PgDecisionRetention(pool),
    jobLocks: parts.jobLocks,
    measures: (meterOf) => measureStorage({ ...parts, timeoutMillis: OVERVIEW_TIMEOUT_MILLIS }, meterOf),
    ping: async () => {
      await guarded(() => runStatement(pool, { text: "SELECT 1" }));
    },
    close: () => (closed ??= close()),
  };
  poolsOfStorages.set(storage, pool);
  return storage;
}
