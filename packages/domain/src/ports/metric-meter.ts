import type { EventRecord } from "../event.ts";
import type { Instant } from "../instant.ts";
import type { MetricDefinition } from "../metric.ts";

/** What measuring needs to know of an event. */
export type MeasuredEvent = Pick<EventRecord, "eventType" | "occurredAt" | "properties" | "value">;

/** What a metric measured of one subject. */
export interface SubjectMeasure {
  /** `null` when the metric's numbers are made without the subject: a mean or quantile of no events, or a zero that is dropped. */
  readonly value: number | null;
  /** 1 but for ratios. */
  readonly denominator: number;
  /** The same measure before the exposure; 0 when there was nothing, `null` when the metric has no covariate. */
  readonly covariate: number | null;
  /** 1 but for ratios; `null` when the metric has no covariate. */
  readonly covariateDenominator: number | null;
  /** How many events in the window it is made of. */
  readonly events: number;
  /** Whether an event of the right type in the window was passed over: by the filter, or for want of a number. */
  readonly filteredOut: boolean;
  /** Of quantiles: the value of each event, in the order in which they were taken. */
  readonly values: readonly number[] | null;
}

/** Measures one subject. Give it each of the subject's events once; those that it has no use for do no harm. */
export interface SubjectMeter {
  /** Takes an event. Sums are the same in whatever order, but for their last digits; order by time and id for all of them. */
  take(event: MeasuredEvent): void;
  measure(): SubjectMeasure;
}

/** Measures subjects by one metric. */
export interface MetricMeter {
  /** Types of the events that it looks at. */
  readonly eventTypes: readonly string[];
  /** Those of them whose properties it reads. */
  readonly readsPropertiesOf: readonly string[];
  /** How long before a first exposure events matter, in microseconds. */
  readonly microsBefore: number;
  /** How long after a first exposure events matter, in microseconds: the end of the window, which is not part of it. */
  readonly microsAfter: number;
  /** Begins with a subject that was first exposed at an instant. */
  subject(exposedAt: Instant): SubjectMeter;
}

/**
 * Makes the meter of a definition.
 *
 * @throws LottyError `internal` for a definition that the checks of the catalogue refuse
 */
export type MeterMaker = (definition: MetricDefinition) => MetricMeter;
