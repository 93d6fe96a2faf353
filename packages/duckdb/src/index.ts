export { openParquetMoments, type DuckDbExperimentMoments } from "./duckdb-experiment-moments.ts";
export type { ExportManifest } from "./export-manifest.ts";
export { exportParquet, type ParquetSummary, type ParquetTarget } from "./export-parquet.ts";
