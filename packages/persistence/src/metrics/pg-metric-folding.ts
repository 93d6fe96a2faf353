import type { Instant } from "@lotty/domain";
import { guarded } from "../database-error.ts";
import { microsOf } from "../sql/instant-sql.ts";
import { inTransaction, runStatement, withConnection, type SqlConnection, type SqlPool } from "../sql/sql-pool.ts";
import { foldSubjects, takeSubjects } from "./fold-subjects.ts";
import type { KnownDefinitions } from "./known-definitions.ts";
import { SETTLE_SECONDS } from "./measure-state.ts";
import type { FoldSteps, MetricFolding } from "./metric-folding.ts";
import { noteMetrics, queueEarlier } from "./note-metrics.ts";
import { refreshStatistics } from "./refresh-statistics.ts";
import { rollUp } from "./roll-up.ts";

/** What folding works with. */
export interface FoldingParts {
  readonly pool: SqlPool;
  /** Runs work on a pool whose statements may take as long as they need. */
  readonly withPatientPool: <Result>(work: (pool: SqlPool) => Promise<Result>) => Promise<Result>;
  readonly known: KnownDefinitions;
}

const ADVANCE = `INSERT INTO fold_watermarks (environment_id, watermark)
SELECT e.id, least(clock_timestamp() - $1 * interval '1 second',
  (SELECT waiting.received_at FROM subjects_to_fold AS waiting WHERE waiting.environment_id = e.id ORDER BY waiting.received_at LIMIT 1),
  (SELECT min(taken.received_at) FROM subjects_being_folded AS taken WHERE taken.environment_id = e.id))
FROM environments AS e ORDER BY e.id
ON CONFLICT (environment_id) DO UPDATE SET watermark = excluded.watermark`;

const WATERMARK = `SELECT ${microsOf("watermark")} AS watermark FROM fold_watermarks WHERE environment_id = $1`;

const LAG = `SELECT extract(epoch FROM clock_timestamp() - min(watermark))::float8 AS seconds,
  (SELECT count(*) FROM (SELECT FROM subjects_to_fold LIMIT 1000000) AS some) + (SELECT count(*) FROM subjects_being_folded) AS subjects,
  (SELECT count(*) FROM stale_rollups) AS days
FROM fold_watermarks`;

/** Folds events into measures on Postgres or PGlite. */
export class PgMetricFolding implements MetricFolding {
  readonly #parts: FoldingParts;

  constructor(parts: FoldingParts) {
    this.#parts = parts;
  }

  run<Result>(work: (steps: FoldSteps) => Promise<Result>): Promise<Result> {
    return guarded(() => this.#parts.withPatientPool((pool) => work(this.#stepsOn(pool))));
  }

  watermark(environmentId: string): Promise<Instant | null> {
    return guarded(async () => {
      const { rows } = await runStatement(this.#parts.pool, { text: WATERMARK, values: [environmentId] });
      return rows[0] === undefined ? null : Number(rows[0]["watermark"]);
    });
  }

  backlog(): ReturnType<MetricFolding["backlog"]> {
    return guarded(async () => {
      const { rows } = await runStatement(this.#parts.pool, { text: LAG });
      const seconds = rows[0]?.["seconds"];
      return {
        lagSeconds: typeof seconds === "number" ? seconds : null,
        subjects: Number(rows[0]?.["subjects"]),
        days: Number(rows[0]?.["days"]),
      };
    });
  }

  #stepsOn(pool: SqlPool): FoldSteps {
    const { known } = this.#parts;
    const step = <Result>(work: (connection: SqlConnection) => Promise<Result>): Promise<Result> =>
      withConnection(pool, (connection) => inTransaction(connection, () => work(connection)));
    return {
      refreshStatistics: () => step(refreshStatistics),
      noteMetrics: () => step(noteMetrics),
      queueEarlier: (limit) => step((connection) => queueEarlier(connection, limit)),
      foldSubjects: async (limit) => {
        await step((connection) => takeSubjects(connection, limit));
        return step((connection) => foldSubjects(connection, limit, known));
      },
      rollUp: (limit) => step((connection) => rollUp(connection, limit, known)),
      advanceWatermark: async (settleSeconds = SETTLE_SECONDS) => {
        await step((connection) => connection.query({ text: ADVANCE, values: [settleSeconds] }));
      },
    };
  }
}
