import { type AnalysisPlan, LottyError, type Metric, type MetricCatalogue, type MetricRole } from "@lotty/domain";

/** A metric with its part in a plan. */
export interface MetricInPlan {
  readonly metric: Metric;
  readonly role: MetricRole;
  /** Largest accepted harm of a guardrail; `null` for others. */
  readonly margin: number | null;
}

/**
 * The metrics of a plan in the versions that it means.
 *
 * @throws LottyError `internal` for a metric that the catalogue has lost
 */
export async function plannedMetrics(
  catalogue: MetricCatalogue,
  environmentId: string,
  { guardrails, primary, secondary }: AnalysisPlan,
): Promise<readonly MetricInPlan[]> {
  const planned = [
    ...primary.map((metric) => ({ ...metric, role: "primary" as const, margin: null })),
    ...secondary.map((metric) => ({ ...metric, role: "secondary" as const, margin: null })),
    ...guardrails.map((metric) => ({ ...metric, role: "guardrail" as const })),
  ];
  return Promise.all(
    planned.map(async ({ margin, metricId, metricVersion, role }) => {
      const metric = await catalogue.find(environmentId, metricId, metricVersion);
      if (metric !== undefined) return { metric, role, margin };
      const message = `The plan names version ${metricVersion} of metric ${metricId}, which the catalogue does not have.`;
      throw new LottyError("internal", message);
    }),
  );
}
