import { mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { LottyError, type MeasureExport, type MeasureSnapshot } from "@lotty/domain";
import { FORMAT, writeManifest, type ExportedFile, type ExportManifest } from "./export-manifest.ts";
import { loadDuckDb, onFiles, settingsOf } from "./load-duckdb.ts";
import { EXPOSURES, MEASURES, writeSheet } from "./write-sheet.ts";

/** What is exported, and where to. */
export interface ParquetTarget {
  readonly environmentId: string;
  readonly experimentId: string;
  /** A directory that does not exist yet, or is empty. */
  readonly directory: string;
}

/** What was exported. */
export interface ParquetSummary {
  readonly manifest: ExportManifest;
  /** Metrics that were left out, because they are still being measured for earlier subjects. */
  readonly unfinished: MeasureSnapshot["unfinished"];
}

/** Enough for a row group of every column; what goes beyond is on the disk. */
const MEMORY = "256MB";

/**
 * Writes the measures of one experiment, as of one moment, to Parquet files with a manifest. The directory is there with everything in
 * it, or not at all.
 *
 * @throws LottyError `invalid_request` when something lies in the directory; `not_found` when nothing was measured in the experiment;
 *   `invalid_configuration` without DuckDB; `database_unavailable`, `timeout`
 */
export async function exportParquet(exporting: MeasureExport, target: ParquetTarget): Promise<ParquetSummary> {
  const { directory } = target;
  await refuseUsed(directory);
  await loadDuckDb();
  return onFiles(directory, async () => {
    const draft = await mkdtemp(`${resolve(directory)}.`);
    try {
      const summary = await exporting.within(target, (snapshot) =>
        onFiles(directory, () => writeAll(snapshot, target, draft)),
      );
      await rename(draft, directory);
      return summary;
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
  });
}

async function writeAll(snapshot: MeasureSnapshot, target: ParquetTarget, draft: string): Promise<ParquetSummary> {
  const { metrics, unfinished, watermark } = snapshot;
  if (metrics.length === 0) {
    throw new LottyError("not_found", "No metric of this experiment has been measured for all of its subjects yet.");
  }
  const duckdb = await loadDuckDb();
  const scratch = await mkdtemp(join(draft, "scratch-"));
  const settings = { ...settingsOf(scratch), memory_limit: MEMORY };
  const instance = await duckdb.DuckDBInstance.create(join(scratch, "sheets.duckdb"), settings);
  try {
    const connection = await instance.connect();
    const exposures = { pages: snapshot.exposures(), path: join(draft, "exposures.parquet") };
    const exposed = await writeSheet({ connection, duckdb }, EXPOSURES, exposures);
    const written: ExportedFile[] = [];
    for (const metric of metrics) {
      const { definition, key, metricId, metricVersion } = metric;
      const file = `measures-${metricId}-${metricVersion}.parquet`;
      const measures = { pages: snapshot.measures(metric), path: join(draft, file) };
      const rows = await writeSheet({ connection, duckdb }, MEASURES, measures);
      written.push({ metric_id: metricId, version: metricVersion, key, definition, file, rows });
    }
    connection.closeSync();
    const manifest: ExportManifest = {
      format: FORMAT,
      environment_id: target.environmentId,
      experiment_id: target.experimentId,
      watermark_micros: watermark,
      exposures: { file: "exposures.parquet", rows: exposed },
      metrics: written,
    };
    await writeManifest(draft, manifest);
    return { manifest, unfinished };
  } finally {
    instance.closeSync();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function refuseUsed(directory: string): Promise<void> {
  const held = await readdir(directory).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw new LottyError("invalid_request", `${directory} is not a directory that can be written to.`, {
      cause: error,
    });
  });
  if (held.length > 0) throw new LottyError("invalid_request", `${directory} is not empty.`);
}
