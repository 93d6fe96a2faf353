export { FileConfigurationKeeper, type FileConfigurationKeeperOptions } from "./last-good/file-configuration-keeper.ts";
export { FileEnvironmentKeeper } from "./last-good/file-environment-keeper.ts";
export { FileEventTypeKeeper } from "./last-good/file-event-type-keeper.ts";
export type { FoldBacklog, FoldSteps, MetricFolding } from "./metrics/metric-folding.ts";
export type { MeasureStorage } from "./metrics/measure-storage.ts";
export type { SchemaState } from "./migrations/migrator.ts";
export { openEmbedded, type EmbeddedOptions } from "./open-embedded.ts";
export { openPostgres, type PostgresOptions } from "./open-postgres.ts";
export type { DecisionPartitions } from "./partitions/pg-decision-partitions.ts";
export {
  embeddedReportSource,
  postgresReportSource,
  type PostgresReportOptions,
} from "./reports/open-report-source.ts";
export type { ReportSource } from "./reports/report-source.ts";
export type { Storage } from "./storage.ts";
