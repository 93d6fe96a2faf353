import type { ExperimentFunnel, ExperimentMoments, MeasureExport, MeterMaker, MetricHistory } from "@lotty/domain";
import { readWithin } from "../reports/read-within.ts";
import type { SqlPool } from "../sql/sql-pool.ts";
import { KnownDefinitions } from "./known-definitions.ts";
import type { MetricFolding } from "./metric-folding.ts";
import { PgExperimentFunnel } from "./pg-experiment-funnel.ts";
import { PgExperimentMoments, type ReadWithin } from "./pg-experiment-moments.ts";
import { PgMeasureExport } from "./pg-measure-export.ts";
import { PgMetricFolding } from "./pg-metric-folding.ts";
import { PgMetricHistory } from "./pg-metric-history.ts";

/** What metrics measured, and what keeps it up to date. */
export interface MeasureStorage {
  readonly folding: MetricFolding;
  readonly moments: ExperimentMoments;
  readonly funnel: ExperimentFunnel;
  readonly history: MetricHistory;
  readonly exporting: MeasureExport;
}

/** What measures are read from and written with. */
export interface MeasurePools {
  readonly pool: SqlPool;
  /** Runs work on a pool whose statements may take as long as they need. */
  readonly withPatientPool: <Result>(work: (pool: SqlPool) => Promise<Result>) => Promise<Result>;
  readonly reportPool: SqlPool;
  /** Longest run of one statement of a report. */
  readonly timeoutMillis: number;
}

/** Puts the ports of measures together. */
export function measureStorage(pools: MeasurePools, meterOf: MeterMaker): MeasureStorage {
  const read: ReadWithin = (work) => readWithin(pools.reportPool, pools.timeoutMillis, work);
  return {
    folding: new PgMetricFolding({ ...pools, known: new KnownDefinitions(meterOf) }),
    moments: new PgExperimentMoments(read, meterOf),
    funnel: new PgExperimentFunnel(read, meterOf),
    history: new PgMetricHistory(read, meterOf),
    exporting: new PgMeasureExport(read, meterOf),
  };
}
