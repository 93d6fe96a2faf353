import type { Logger } from "@lotty/domain";
import { poolOf } from "../compose-storage.ts";
import { PgConfigurationSource } from "../configuration/pg-configuration-source.ts";
import { PgEnvironmentStore } from "../control/pg-environment-store.ts";
import { poolOn } from "../open-postgres.ts";
import { redactedLocation } from "../redacted-location.ts";
import { knexOn } from "../sql/knex-on.ts";
import { PG_TYPES } from "../sql/value-parsers.ts";
import type { Storage } from "../storage.ts";
import { PgDecisionReports } from "./pg-decision-reports.ts";
import type { ReportSource } from "./report-source.ts";

/** How to read a Postgres server for reports. */
export interface PostgresReportOptions {
  /** The database, or a standby of it. */
  readonly url: string;
  /** Longest run of one report. */
  readonly timeoutMillis: number;
  /** Longest wait for a connection. */
  readonly connectTimeoutMillis: number;
  readonly logger: Logger;
}

/** One reads the configuration, one counts. */
const CONNECTIONS = 2;

/** How much longer than the server's own limit a statement is waited for: by then the server is gone. */
const GRACE_MILLIS = 500;

/**
 * A Postgres server to be read for reports, over connections of its own, so that a long report takes none from decisions. They
 * are made when they are needed: a server that is away is no error yet.
 */
export function postgresReportSource(options: PostgresReportOptions): ReportSource {
  const { connectTimeoutMillis, logger, timeoutMillis, url } = options;
  const pool = poolOn(
    {
      connectionString: url,
      application_name: "lotty reports",
      connectionTimeoutMillis: connectTimeoutMillis,
      keepAlive: true,
      types: PG_TYPES,
      max: CONNECTIONS,
      query_timeout: timeoutMillis + GRACE_MILLIS,
    },
    logger,
  );
  const knex = knexOn(pool, logger);
  return {
    location: redactedLocation(url),
    configuration: new PgConfigurationSource(knex),
    environments: new PgEnvironmentStore(knex),
    reports: new PgDecisionReports(pool, timeoutMillis),
    close: async () => {
      // The pool first: knex forgets how to give connections back, and the pool would wait for them for ever.
      await pool.end();
      await knex.destroy();
    },
  };
}

/** An embedded database to be read for reports. It is closed with them. */
export function embeddedReportSource(storage: Storage, timeoutMillis: number): ReportSource {
  const { configuration, control, location } = storage;
  return {
    location,
    configuration: {
      load: (environmentId) => configuration.load(environmentId),
      revision: (environmentId) => configuration.revision(environmentId),
    },
    environments: control.environments,
    reports: new PgDecisionReports(poolOf(storage), timeoutMillis),
    close: () => storage.close(),
  };
}
