import type { SqlPool } from "../sql/sql-pool.ts";

/** What overviews of the log are read from: people ask for them rarely, and no decision has to wait for them. */
export interface OverviewPools {
  /** Runs work on connections of its own, which have no limit of time. */
  readonly withPatientPool: <Result>(work: (pool: SqlPool) => Promise<Result>) => Promise<Result>;
  /** Longest run of one statement. */
  readonly timeoutMillis: number;
}
