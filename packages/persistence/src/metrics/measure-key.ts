/** Which metric of which experiment. */
export interface MeasureKey {
  readonly environmentId: string;
  readonly experimentId: string;
  readonly metricId: string;
  readonly metricVersion: number;
}

/** SQL that picks the rows of a {@link MeasureKey}, given as the first four parameters. */
export const OF_MEASURE: string =
  "environment_id = $1 AND experiment_id = $2 AND metric_id = $3 AND metric_version = $4";

/** The parameters of {@link OF_MEASURE}. */
export function measureValues(key: MeasureKey): readonly (string | number)[] {
  return [key.environmentId, key.experimentId, key.metricId, key.metricVersion];
}
