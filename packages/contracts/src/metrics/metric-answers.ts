import { formatInstant, METRIC_KINDS, type EventSelection, type Metric, type MetricDefinition } from "@lotty/domain";
import { z } from "zod";
import type { EventSelectionRequest, MetricDefinitionRequest } from "./metric-requests.ts";

/** A version of a metric. */
export interface MetricResponse {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly description: string | null;
  readonly owner: string | null;
  readonly tags: readonly string[];
  readonly definition: MetricDefinitionRequest;
  readonly version: number;
  readonly updated_at: string;
  readonly archived_at: string | null;
}

const instantText = z.string().meta({ format: "date-time" });
const text = z.string();

const selection = z.strictObject({ event_type: text, filter: text.nullable(), value_property: text.nullable() });

/** Schema of {@link MetricResponse}. */
export const metricSchema: z.ZodType<MetricResponse> = z
  .strictObject({
    id: z.uuid(),
    key: text,
    name: text,
    description: text.nullable(),
    owner: text.nullable(),
    tags: z.array(text),
    definition: z.strictObject({
      kind: z.enum(METRIC_KINDS),
      numerator: selection,
      denominator: selection.nullable(),
      counts_events: z.boolean(),
      window_hours: z.int().min(1),
      retention_from_days: z.int().min(0),
      quantile: z.number().nullable(),
      winsorizing: z
        .strictObject({ lower: z.number().nullable(), upper: z.number().nullable(), ignore_zeros: z.boolean() })
        .nullable(),
      drops_zeros: z.boolean(),
      higher_is_better: z.boolean(),
      covariate_days: z.int().min(0),
      practical_threshold: z.number().nullable(),
    }),
    version: z.int().min(1),
    updated_at: instantText,
    archived_at: instantText.nullable(),
  })
  .meta({ id: "Metric" });

/** Schema of a list of metrics. */
export const metricsSchema: z.ZodType<{ readonly metrics: readonly MetricResponse[] }> = z
  .strictObject({ metrics: z.array(metricSchema) })
  .meta({ id: "Metrics" });

/** A metric for the wire. */
export function presentMetric(metric: Metric): MetricResponse {
  return {
    id: metric.id,
    key: metric.key,
    name: metric.name,
    description: metric.description,
    owner: metric.owner,
    tags: metric.tags,
    definition: presentDefinition(metric.definition),
    version: metric.version,
    updated_at: formatInstant(metric.updatedAt),
    archived_at: metric.archivedAt === null ? null : formatInstant(metric.archivedAt),
  };
}

function presentDefinition(definition: MetricDefinition): MetricDefinitionRequest {
  const { winsorizing } = definition;
  return {
    kind: definition.kind,
    numerator: presentSelection(definition.numerator),
    denominator: definition.denominator && presentSelection(definition.denominator),
    counts_events: definition.countsEvents,
    window_hours: definition.windowHours,
    retention_from_days: definition.retentionFromDays,
    quantile: definition.quantile,
    winsorizing: winsorizing && {
      lower: winsorizing.lower,
      upper: winsorizing.upper,
      ignore_zeros: winsorizing.ignoreZeros,
    },
    drops_zeros: definition.dropsZeros,
    higher_is_better: definition.higherIsBetter,
    covariate_days: definition.covariateDays,
    practical_threshold: definition.practicalThreshold,
  };
}

function presentSelection({ eventType, filter, valueProperty }: EventSelection): EventSelectionRequest {
  return { event_type: eventType, filter, value_property: valueProperty };
}
