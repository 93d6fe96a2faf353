import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import {
  LottyError,
  momentColumns,
  momentsAnswer,
  type ArmMoments,
  type ExperimentMoments,
  type MomentColumn,
  type MomentsAnswer,
  type MomentsQuestion,
  type SubjectValue,
} from "@lotty/domain";
import { readManifest, type ExportManifest } from "./export-manifest.ts";
import { loadDuckDb, onFiles, settingsOf, toFilesError } from "./load-duckdb.ts";
import { momentsSql, valuesSql, type QuestionFiles } from "./parquet-sql.ts";

/**
 * Opens what `exportParquet` wrote.
 *
 * @throws LottyError `not_found` or `invalid_request` when the directory holds no export that this version reads, `invalid_configuration`
 *   without DuckDB
 */
export async function openParquetMoments(directory: string): Promise<DuckDbExperimentMoments> {
  const manifest = await readManifest(directory);
  const { DuckDBInstance: Instance } = await loadDuckDb();
  return onFiles(directory, async () => {
    const scratch = await mkdtemp(join(tmpdir(), "lotty-duckdb-"));
    const instance = await Instance.create(":memory:", settingsOf(scratch));
    return new DuckDbExperimentMoments({ directory, manifest, instance, scratch });
  });
}

interface OpenedExport {
  readonly directory: string;
  readonly manifest: ExportManifest;
  readonly instance: DuckDBInstance;
  /** For what does not fit into memory. */
  readonly scratch: string;
}

/** What metrics measured in one experiment, from Parquet files: the same as the database said when they were written. */
export class DuckDbExperimentMoments implements ExperimentMoments {
  readonly #opened: OpenedExport;

  constructor(opened: OpenedExport) {
    this.#opened = opened;
  }

  /**
   * As the port says. Besides:
   *
   * @throws LottyError `not_found` for another experiment, or a metric or version that is not in the files; `invalid_request` about all
   *   who were assigned: the files hold those who were exposed
   */
  async moments(question: MomentsQuestion): Promise<MomentsAnswer> {
    const files = this.#filesOf(question);
    const { watermark } = files;
    const { definition } = question.metric;
    if (definition.kind === "quantile") return { arms: [], watermark };
    const { text, values } = momentsSql(question, files);
    const rows = await this.#connected(async (connection) => (await connection.run(text, values)).getRowObjectsJS());
    const columns = momentColumns(definition);
    return momentsAnswer(
      rows.map((row) => rowToArm(row, columns)),
      watermark,
    );
  }

  async *values(question: MomentsQuestion): AsyncIterable<SubjectValue> {
    const { text, values } = valuesSql(question, this.#filesOf(question));
    const { directory, instance } = this.#opened;
    // A connection of its own: another statement on it would end the stream.
    const connection = await instance.connect();
    try {
      const found = await connection.stream(text, values);
      for await (const rows of found.yieldRowObjectJs()) yield* rows.map(rowToValue);
    } catch (error) {
      throw toFilesError(directory, error);
    } finally {
      connection.closeSync();
    }
  }

  /** Lets go of the files. */
  async close(): Promise<void> {
    const { instance, scratch } = this.#opened;
    instance.closeSync();
    await rm(scratch, { recursive: true, force: true });
  }

  async #connected<Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
    const { directory, instance } = this.#opened;
    return onFiles(directory, async () => {
      const connection = await instance.connect();
      try {
        return await work(connection);
      } finally {
        connection.closeSync();
      }
    });
  }

  #filesOf({ environmentId, experimentId, metric, population }: MomentsQuestion): QuestionFiles {
    const { directory, manifest } = this.#opened;
    if (population !== "exposed") {
      throw new LottyError("invalid_request", "An export holds the subjects that were exposed, not all assigned ones.");
    }
    const isOf = manifest.environment_id === environmentId && manifest.experiment_id === experimentId;
    if (!isOf) throw new LottyError("not_found", `The export in ${directory} is of another experiment.`);
    const found = manifest.metrics.find((each) => each.metric_id === metric.id && each.version === metric.version);
    if (found === undefined) {
      throw new LottyError(
        "not_found",
        `The export in ${directory} has no measures of ${metric.key} in version ${metric.version}.`,
      );
    }
    return {
      measures: join(directory, found.file),
      exposures: join(directory, manifest.exposures.file),
      watermark: manifest.watermark_micros,
    };
  }
}

function rowToArm(row: Readonly<Record<string, unknown>>, columns: readonly MomentColumn[]): ArmMoments {
  const { cohort_day: cohortDay, segment } = row;
  const mean = numbersOf(row["mean"]);
  const triangle = numbersOf(row["m2"]);
  const entry = (i: number, j: number): number => triangle[(i * (i + 1)) / 2 + j] ?? 0;
  return {
    variantId: String(row["variant_id"]),
    cohortDay: typeof cohortDay === "string" ? cohortDay : null,
    segment: typeof segment === "string" ? segment : null,
    n: Number(row["n"]),
    columns,
    mean,
    m2: mean.map((_, i) => mean.map((__, j) => entry(Math.max(i, j), Math.min(i, j)))),
  };
}

function rowToValue(row: Readonly<Record<string, unknown>>): SubjectValue {
  const values = row["event_values"];
  return {
    subjectId: String(row["subject_id"]),
    variantId: String(row["variant_id"]),
    exposedAt: Number(row["exposed_micros"]),
    value: Number(row["value"]),
    denominator: Number(row["denominator"]),
    ...(Array.isArray(values) && { values: numbersOf(values) }),
  };
}

function numbersOf(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}
