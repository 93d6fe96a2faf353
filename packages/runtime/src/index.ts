export { keepPartitions, type KeepPartitionsOptions } from "./composition/keep-partitions.ts";
export { openCaches, type Caches, type CachesOptions } from "./composition/open-caches.ts";
export { openReportSource } from "./composition/open-report-source.ts";
export { openRuntime } from "./composition/open-runtime.ts";
export { openStorage } from "./composition/open-storage.ts";
export { migrateSchema } from "./composition/prepare-schema.ts";
export type { Role, Runtime, RuntimeOptions } from "./composition/runtime.ts";
export { Health, type CheckResult, type CheckStatus, type HealthCheck, type HealthReport } from "./health/health.ts";
export { createJobRunner, runsJobs, type JobMaker } from "./jobs/background-jobs.ts";
export { GUARDRAILS_JOB, MAX_ROUND_SECONDS } from "./jobs/guardrail-job.ts";
export type { Job, JobYield } from "./jobs/job.ts";
export type { RunOutcome } from "./jobs/job-metrics.ts";
export type { JobRunner } from "./jobs/job-runner.ts";
export { concealCredentials } from "./logging/conceal-credentials.ts";
export { createLogger, type LoggerOptions, type ProcessLogger } from "./logging/create-logger.ts";
export { errorFields, type ErrorFields } from "./logging/error-fields.ts";
export type { LineDestination } from "./logging/text-lines.ts";
export { exposeConfigurationState, type ConfigurationState } from "./metrics/configuration-metrics.ts";
export { createMetrics, type Metrics } from "./metrics/create-metrics.ts";
export { createDecisionMetrics } from "./metrics/decision-metrics.ts";
export {
  createHttpMetrics,
  exposeRequestLoad,
  type HttpMetrics,
  type RequestLoad,
  type RouteMeter,
} from "./metrics/http-metrics.ts";
export { listen } from "./operations/listen.ts";
export {
  createOperationsHandler,
  type OperationsHandler,
  type OperationsSources,
} from "./operations/operations-handler.ts";
export {
  startOperationsServer,
  type OperationsServer,
  type OperationsServerOptions,
} from "./operations/operations-server.ts";
export { EventLoopWatch, type EventLoopWatchOptions } from "./resilience/event-loop-watch.ts";
export { RequestLimiter, type RequestLimiterOptions, type ShedCause } from "./resilience/request-limiter.ts";
export { watchParent, type ProcessTable } from "./shutdown/parent-watch.ts";
export { Shutdown, type EndableProcess, type ShutdownOptions, type ShutdownStep } from "./shutdown/shutdown.ts";
export { systemClock } from "./system/system-clock.ts";
export { systemTimer } from "./system/system-timer.ts";
export { tuneCollector } from "./system/tune-collector.ts";
export { Uuid7Source } from "./system/uuid7-source.ts";
export { exportParquet, openParquetMoments, type DuckDbExperimentMoments, type ParquetSummary } from "@lotty/duckdb";
export { resultsOf, type ResultsSources, type RuntimeResults } from "./results/results-of.ts";
