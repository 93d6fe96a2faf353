export { ledgerSchema, presentLedger, type LedgerLineResponse, type LedgerResponse } from "./ledger-response.ts";
export { planFieldsOf, planRequestSchema, readPlan, type GuardrailRequest, type PlanRequest } from "./plan-request.ts";
export {
  planSchema,
  presentPlan,
  type DeviationResponse,
  type PlanContentResponse,
  type PlannedMetricResponse,
  type PlanResponse,
} from "./plan-response.ts";
export {
  plannerQuestionOf,
  powerRequestSchema,
  powerSchema,
  presentPower,
  readPower,
  type PowerRequest,
  type PowerResponse,
} from "./power.ts";
export { presentReport } from "./present-report.ts";
export type {
  EffectResponse,
  FunnelResponse,
  LookResponse,
  MetricResultResponse,
  ReportResponse,
  SegmentEffectResponse,
  SegmentResultResponse,
  VariantResultResponse,
  VerdictResponse,
} from "./report-response.ts";
export { reportSchema } from "./report-schema.ts";
export {
  DEFAULT_LEDGER_LINES,
  exportFormatSchema,
  idsQuerySchema,
  ledgerLimitSchema,
  momentQuerySchema,
  priorQuerySchema,
  readCumulativeQuery,
  readExportResultsQuery,
  readLedgerQuery,
  readResultsQuery,
  type CumulativeQuery,
  type ExportResultsQuery,
  type LedgerQuery,
  type ResultsQuery,
} from "./results-queries.ts";
