import type { LedgerResponse, PlanResponse, PowerResponse, ReportResponse } from "@lotty/contracts/analysis";

/** Which part of the results is asked for, as the API's query has it. */
export interface ResultsCut {
  readonly from?: string;
  readonly to?: string;
  readonly segment?: string;
  /** Standard deviation of the prior of lifts. */
  readonly prior?: string;
}

/** Which lines of the ledger are asked for. */
export interface LedgerPart {
  /** Key or id of the metric. */
  readonly metric: string;
  readonly variantId: string;
  readonly limit: number;
  readonly after?: string;
}

/** Where results and plans are. Bodies are those of the API; refusals are thrown as `ControlRefused`, everything else as LottyError. */
export interface ResultsSource {
  report(experimentId: string, cut: ResultsCut): Promise<ReportResponse>;
  ledger(experimentId: string, part: LedgerPart): Promise<LedgerResponse>;
  plan(experimentId: string): Promise<PlanResponse>;
  putPlan(experimentId: string, body: object, version?: number): Promise<PlanResponse>;
  power(body: object): Promise<PowerResponse>;
}
