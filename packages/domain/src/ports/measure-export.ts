import type { Instant } from "../instant.ts";
import type { MetricDefinition } from "../metric.ts";
import type { SubjectMeasure } from "./metric-meter.ts";

/** A metric that every exposed subject of an experiment has been measured by. */
export interface ExportedMetric {
  readonly metricId: string;
  readonly metricVersion: number;
  /** The metric's name in its environment today. */
  readonly key: string;
  readonly definition: MetricDefinition;
}

/** The first exposure of a subject. */
export interface ExportedExposure {
  readonly subjectId: string;
  readonly variantId: string;
  readonly exposedAt: Instant;
  /** Whether the subject was exposed to several variants, and so counts for none. */
  readonly several: boolean;
  /** What results can be split by: values by name. */
  readonly segments: Readonly<Record<string, string>>;
}

/** What a metric measured of one subject. */
export interface ExportedMeasure extends Omit<SubjectMeasure, "filteredOut"> {
  readonly subjectId: string;
  readonly variantId: string;
  /** The first exposure that the window was counted from. */
  readonly exposedAt: Instant;
  /** Where the window ends, which is not part of it. */
  readonly windowEnd: Instant;
}

/** Everything that was measured in one experiment, as of one moment. */
export interface MeasureSnapshot {
  /** Events received before are in; `null` when nothing was folded in yet. */
  readonly watermark: Instant | null;
  readonly metrics: readonly ExportedMetric[];
  /** Metrics that are still being measured for the subjects that there were before them; their measures cannot be read. */
  readonly unfinished: readonly { readonly metricId: string; readonly metricVersion: number }[];
  /** Pages of first exposures in the order of subjects' ids. */
  exposures(): AsyncIterable<readonly ExportedExposure[]>;
  /** Pages of measures of a metric in the order of subjects' ids. */
  measures(metric: ExportedMetric): AsyncIterable<readonly ExportedMeasure[]>;
}

/** Gives out what was measured, subject by subject, to be taken elsewhere. */
export interface MeasureExport {
  /**
   * Works with the measures of one experiment. The snapshot is there until the work is done, and holds a connection.
   *
   * @throws LottyError `database_unavailable`, `timeout`; whatever the work throws as a LottyError
   */
  within<Result>(
    experiment: { readonly environmentId: string; readonly experimentId: string },
    work: (snapshot: MeasureSnapshot) => Promise<Result>,
  ): Promise<Result>;
}
