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

/** What metrics measured. */
export interface MeasureReads {
  readonly moments: ExperimentMoments;
  readonly funnel: ExperimentFunnel;
  readonly history: MetricHistory;
  readonly exporting: MeasureExport;
}

/** What metrics measured, and what keeps it up to date. */
export interface MeasureStorage extends MeasureReads {
  readonly folding: MetricFolding;
  /**
   * The same from the replica where there is one, for people who look at results. It is as far as its watermark says, and fails while the replica is away: what
   * acts by itself, as guardrails do, must not depend on that.
   */
  readonly onReplica: MeasureReads;
}

/** What measures are read from and written with. */
export interface MeasurePools {
  readonly pool: SqlPool;
  /** Runs work on a pool whose statements may take as long as they need. */
  readonly withPatientPool: <Result>(work: (pool: SqlPool) => Promise<Result>) => Promise<Result>;
  readonly reportPool: SqlPool;
  /** On a standby; `null` where there is none. */
  readonly replicaPool: SqlPool | null;
  /** Longest run of one statement of a report. */
  readonly timeoutMillis: number;
}

/** Puts the ports of measures together. */
export function measureStorage(pools: MeasurePools, meterOf: MeterMaker): MeasureStorage {
  const { replicaPool, reportPool, timeoutMillis } = pools;
  const reads = readsOn((work) => readWithin(reportPool, timeoutMillis, work), meterOf);
  return {
    ...reads,
    folding: new PgMetricFolding({ ...pools, known: new KnownDefinitions(meterOf) }),
    onReplica: replicaPool === null ? reads : readsOn((work) => readWithin(replicaPool, timeoutMillis, work), meterOf),
  };
}

function readsOn(read: ReadWithin, meterOf: MeterMaker): MeasureReads {
  return {
    moments: new PgExperimentMoments(read, meterOf),
    funnel: new PgExperimentFunnel(read, meterOf),
    history: new PgMetricHistory(read, meterOf),
    exporting: new PgMeasureExport(read, meterOf),
  };
}
