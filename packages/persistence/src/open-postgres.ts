import type { Logger } from "@lotty/domain";
import { Pool, type PoolConfig } from "pg";
import { composeStorage, OVERVIEW_TIMEOUT_MILLIS } from "./compose-storage.ts";
import { POSTGRES_EVENT_LIMITS } from "./events/pg-event-recorder.ts";
import { PgNotificationSource } from "./notices/pg-notification-source.ts";
import { POSTGRES_LOOKUP_LIMITS } from "./history/pg-subject-history-source.ts";
import { PgJobLocks } from "./jobs/pg-job-locks.ts";
import { POSTGRES_RECORDER_LIMITS } from "./recording/pg-decision-recorder.ts";
import { redactedLocation } from "./redacted-location.ts";
import type { SqlPool } from "./sql/sql-pool.ts";
import { PG_TYPES } from "./sql/value-parsers.ts";
import type { Storage } from "./storage.ts";

/** How to work with a Postgres server. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, with any parameter that libpq knows. */
  readonly url: string;
  /** A standby that reports on measures are read from; the database itself when absent. */
  readonly replicaUrl?: string;
  /** Most connections, besides one for change notices; 10 when absent. Work beyond it waits as long as a connect may take. */
  readonly poolSize?: number;
  /** Longest run of one statement; 3,000 when absent. */
  readonly statementTimeoutMillis?: number;
  /** Longest wait for a connection, new or from the pool; 1,500 when absent. */
  readonly connectTimeoutMillis?: number;
  readonly logger: Logger;
}

/** Reports that may run at a time in one process; others wait for them. */
const REPORT_CONNECTIONS = 4;

/** How much longer than the server's own limit a statement is waited for: by then the server is gone. */
const GRACE_MILLIS = 500;

/**
 * Opens storage on a Postgres server, version 15 or later. Connections are made when they are needed, so that a process can
 * start while the server is away; `ping` tells whether it is there.
 */
export async function openPostgres(options: PostgresOptions): Promise<Storage> {
  const {
    url,
    replicaUrl,
    logger,
    poolSize = 10,
    statementTimeoutMillis = 3_000,
    connectTimeoutMillis = 1_500,
  } = options;
  const connection: PoolConfig = {
    connectionString: url,
    application_name: "lotty",
    connectionTimeoutMillis: connectTimeoutMillis,
    keepAlive: true,
    types: PG_TYPES,
  };
  const impatient: PoolConfig = {
    ...connection,
    max: poolSize,
    statement_timeout: statementTimeoutMillis,
    query_timeout: statementTimeoutMillis + GRACE_MILLIS,
    lock_timeout: statementTimeoutMillis,
    idle_in_transaction_session_timeout: 2 * statementTimeoutMillis,
  };
  const reporting: PoolConfig = {
    ...connection,
    application_name: "lotty reports",
    max: REPORT_CONNECTIONS,
    // Reports wait for each other, as long as one of them may take.
    connectionTimeoutMillis: OVERVIEW_TIMEOUT_MILLIS,
    query_timeout: OVERVIEW_TIMEOUT_MILLIS + GRACE_MILLIS,
  };
  const pool = poolOn(impatient, logger);
  return composeStorage({
    kind: "postgres",
    location: redactedLocation(url),
    pool,
    logger,
    withPatientPool: (work) => withPool(poolOn({ ...connection, max: 1 }, logger), work),
    notifications: new PgNotificationSource({ ...impatient, application_name: "lotty notices" }, logger),
    reportPool: poolOn(reporting, logger),
    replicaPool: replicaUrl === undefined ? null : poolOn({ ...reporting, connectionString: replicaUrl }, logger),
    jobLocks: new PgJobLocks(pool),
    recorderLimits: POSTGRES_RECORDER_LIMITS,
    lookupLimits: POSTGRES_LOOKUP_LIMITS,
    eventLimits: POSTGRES_EVENT_LIMITS,
    sinkRows: 1_000,
    onClosed: () => Promise.resolve(),
  });
}

/** Makes a pool that outlives its connections. */
export function poolOn(config: PoolConfig, logger: Logger): Pool & SqlPool {
  const pool = new Pool(config);
  // An idle connection that breaks is replaced by the pool; without a listener its error would end the process.
  pool.on("error", (error) => logger.warn("database_connection_lost", { error }));
  // The pool stops to listen while a connection is in use. The one who uses it learns of the loss from the statement.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

async function withPool<Result>(pool: SqlPool, work: (pool: SqlPool) => Promise<Result>): Promise<Result> {
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
