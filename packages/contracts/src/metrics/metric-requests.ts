import { METRIC_KINDS, type EventSelection, type MetricDefinition, type MetricKind } from "@lotty/domain";
import { z } from "zod";
import { AN_OBJECT, flagField, listOf, nameField, textField, wholeField } from "../control/control-fields.ts";
import { type Read, readWith } from "../read-request.ts";
import { flagKeySchema, typeMessage } from "../request-fields.ts";

/** Which events a metric looks at. */
export interface EventSelectionRequest {
  readonly event_type: string;
  readonly filter: string | null;
  readonly value_property: string | null;
}

/** What is measured of each subject. What is not said is as a plain metric has it. */
export interface MetricDefinitionRequest {
  readonly kind: MetricKind;
  readonly numerator: EventSelectionRequest;
  readonly denominator: EventSelectionRequest | null;
  readonly counts_events: boolean;
  readonly window_hours: number;
  readonly retention_from_days: number;
  readonly quantile: number | null;
  readonly winsorizing: {
    readonly lower: number | null;
    readonly upper: number | null;
    readonly ignore_zeros: boolean;
  } | null;
  readonly drops_zeros: boolean;
  readonly higher_is_better: boolean;
  readonly covariate_days: number;
  readonly practical_threshold: number | null;
}

const numberField = z.number({ error: typeMessage("a number") });

const selectionField = z.strictObject(
  {
    event_type: nameField.meta({ description: "Key of an event type." }),
    filter: textField.nullable().default(null).meta({ description: "Rule over the event's properties." }),
    value_property: nameField
      .nullable()
      .default(null)
      .meta({ description: "Property whose number is taken instead of the event's value." }),
  },
  AN_OBJECT,
);

const winsorizingField = z.strictObject(
  {
    lower: numberField.nullable().default(null),
    upper: numberField.nullable().default(null),
    ignore_zeros: flagField.default(false),
  },
  AN_OBJECT,
);

/** Hours of a window when nothing is said: a week. */
const DEFAULT_WINDOW_HOURS = 168;

const definitionField = z.strictObject(
  {
    kind: z.enum(METRIC_KINDS, { error: typeMessage(`one of ${METRIC_KINDS.join(", ")}`) }),
    numerator: selectionField,
    denominator: selectionField.nullable().default(null),
    counts_events: flagField.default(false),
    window_hours: wholeField.default(DEFAULT_WINDOW_HOURS),
    retention_from_days: wholeField.default(0),
    quantile: numberField.nullable().default(null),
    winsorizing: winsorizingField.nullable().default(null),
    drops_zeros: flagField.default(false),
    higher_is_better: flagField.default(true),
    covariate_days: wholeField.default(0),
    practical_threshold: numberField.nullable().default(null),
  },
  AN_OBJECT,
);

const aboutFields = {
  name: nameField.exactOptional(),
  description: textField.nullable().exactOptional(),
  owner: nameField.nullable().exactOptional(),
  tags: listOf(nameField).exactOptional(),
};

/** What is said about a metric. */
interface AboutMetricRequest {
  readonly name?: string;
  readonly description?: string | null;
  readonly owner?: string | null;
  readonly tags?: readonly string[];
}

/** Body of `POST /v1/metrics`. */
export interface NewMetricRequest extends AboutMetricRequest {
  readonly key: string;
  readonly definition: MetricDefinitionRequest;
}

/** Schema of {@link NewMetricRequest}. */
export const newMetricSchema: z.ZodType<NewMetricRequest> = z
  .strictObject({ key: flagKeySchema, definition: definitionField, ...aboutFields }, AN_OBJECT)
  .meta({ id: "NewMetric" });

/** Body of `PATCH /v1/metrics/{metric_id}`: new values of some fields. A definition is given whole. */
export interface MetricEditRequest extends AboutMetricRequest {
  readonly definition?: MetricDefinitionRequest;
  readonly archived?: boolean;
}

/** Schema of {@link MetricEditRequest}. */
export const metricEditSchema: z.ZodType<MetricEditRequest> = z
  .strictObject(
    {
      definition: definitionField.exactOptional(),
      ...aboutFields,
      archived: flagField.exactOptional().meta({ description: "Whether no new plan may name it." }),
    },
    AN_OBJECT,
  )
  .meta({ id: "MetricEdit" });

/** Reads the body of `POST /v1/metrics`. */
export function readNewMetric(body: unknown): Read<NewMetricRequest> {
  return readWith(newMetricSchema, body);
}

/** Reads the body of `PATCH /v1/metrics/{metric_id}`. */
export function readMetricEdit(body: unknown): Read<MetricEditRequest> {
  return readWith(metricEditSchema, body);
}

/** The definition that a request means. */
export function definitionOf(request: MetricDefinitionRequest): MetricDefinition {
  const { winsorizing } = request;
  return {
    kind: request.kind,
    numerator: selectionOf(request.numerator),
    denominator: request.denominator && selectionOf(request.denominator),
    countsEvents: request.counts_events,
    windowHours: request.window_hours,
    retentionFromDays: request.retention_from_days,
    quantile: request.quantile,
    winsorizing: winsorizing && {
      lower: winsorizing.lower,
      upper: winsorizing.upper,
      ignoreZeros: winsorizing.ignore_zeros,
    },
    dropsZeros: request.drops_zeros,
    higherIsBetter: request.higher_is_better,
    covariateDays: request.covariate_days,
    practicalThreshold: request.practical_threshold,
  };
}

function selectionOf(request: EventSelectionRequest): EventSelection {
  return { eventType: request.event_type, filter: request.filter, valueProperty: request.value_property };
}
