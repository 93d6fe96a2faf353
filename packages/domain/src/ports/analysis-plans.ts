import type { AnalysisPlan, PlanDeviation } from "../analysis-plan.ts";

/** Reads what experiments will be judged by. Changes are commits of the control plane. */
export interface AnalysisPlans {
  /**
   * The plan of an experiment; `undefined` when it has none.
   *
   * @throws LottyError `database_unavailable`, `timeout`
   */
  find(environmentId: string, experimentId: string): Promise<AnalysisPlan | undefined>;

  /**
   * All plans of an environment, in the order of the experiments' ids.
   *
   * @throws LottyError `database_unavailable`, `timeout`
   */
  list(environmentId: string): Promise<readonly AnalysisPlan[]>;

  /**
   * A plan as it was at a version; `undefined` when it never had it.
   *
   * @throws LottyError `database_unavailable`, `timeout`
   */
  version(environmentId: string, experimentId: string, version: number): Promise<AnalysisPlan | undefined>;

  /**
   * What was changed of a plan after its experiment had started, oldest first.
   *
   * @throws LottyError `database_unavailable`, `timeout`
   */
  deviations(environmentId: string, experimentId: string): Promise<readonly PlanDeviation[]>;
}
