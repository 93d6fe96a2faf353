import type { Metric } from "../metric.ts";

/** Reads the catalogue of metrics. Changes are commits of the control plane. */
export interface MetricCatalogue {
  /** All metrics of an environment in their current versions, archived ones too, by key. */
  list(environmentId: string): Promise<readonly Metric[]>;

  /** A metric in one of its versions; the current one without a version. `undefined` when there is none. */
  find(environmentId: string, metricId: string, version?: number): Promise<Metric | undefined>;
}
