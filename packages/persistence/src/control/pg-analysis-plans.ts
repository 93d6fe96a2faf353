import type { AnalysisPlan, AnalysisPlans, PlanDeviation } from "@lotty/domain";
import type { Knex } from "knex";
import { guarded } from "../database-error.ts";
import { readAnalysisPlans, readAnalysisPlanVersion, readPlanDeviations } from "./analysis-plans.ts";

/** Reads analysis plans from Postgres or PGlite. */
export class PgAnalysisPlans implements AnalysisPlans {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  find(environmentId: string, experimentId: string): Promise<AnalysisPlan | undefined> {
    return guarded(async () => (await readAnalysisPlans(this.#knex, environmentId, experimentId))[0]);
  }

  list(environmentId: string): Promise<readonly AnalysisPlan[]> {
    return guarded(() => readAnalysisPlans(this.#knex, environmentId));
  }

  version(environmentId: string, experimentId: string, version: number): Promise<AnalysisPlan | undefined> {
    return guarded(() => readAnalysisPlanVersion(this.#knex, { environmentId, experimentId, version }));
  }

  deviations(environmentId: string, experimentId: string): Promise<readonly PlanDeviation[]> {
    return guarded(() => readPlanDeviations(this.#knex, environmentId, experimentId));
  }
}
