import { EXPOSURE_EVENT_TYPE, METRIC_KINDS, type EventSelection, type MetricDefinition } from "@lotty/domain";
import { definitionFaults } from "@lotty/metrics";
import type { Fields, Located, NodeReader } from "../node-reader.ts";
import { readTargeting, type RuleSurroundings } from "../read-targeting.ts";
import { readReference } from "../read-reference.ts";

/** Fields of a metric in a file that say what it measures. */
export const METRIC_FIELDS = [
  "kind",
  "numerator",
  "denominator",
  "counts_events",
  "window_hours",
  "retention_from_days",
  "quantile",
  "winsorizing",
  "drops_zeros",
  "higher_is_better",
  "covariate_days",
  "practical_threshold",
] as const;

/** Hours of a window when nothing is said: a week. */
export const DEFAULT_WINDOW_HOURS = 168;

/** Where metrics are read in: the file's text, its segments, and the keys of its event types. */
export interface MetricSurroundings extends RuleSurroundings {
  readonly eventTypes: ReadonlySet<string>;
}

type MetricFields = Fields<(typeof METRIC_FIELDS)[number]>;

/** Reads what a metric measures. */
export function readMetricDefinition(
  reader: NodeReader,
  fields: MetricFields,
  surroundings: MetricSurroundings,
): MetricDefinition | undefined {
  const kindField = reader.required(fields, "kind");
  const numeratorField = reader.required(fields, "numerator");
  const kind = kindField && reader.choice(kindField, METRIC_KINDS);
  const numerator = numeratorField && readSelection(reader, numeratorField, surroundings);
  const denominator = optional(fields.denominator, (field) => readSelection(reader, field, surroundings), null);
  const countsEvents = optional(fields.counts_events, (field) => reader.boolean(field), false);
  const windowHours = optional(fields.window_hours, (field) => reader.number(field), DEFAULT_WINDOW_HOURS);
  const retentionFromDays = optional(fields.retention_from_days, (field) => reader.number(field), 0);
  const quantile = optional(fields.quantile, (field) => reader.number(field), null);
  const winsorizing = optional(fields.winsorizing, (field) => readWinsorizing(reader, field), null);
  const dropsZeros = optional(fields.drops_zeros, (field) => reader.boolean(field), false);
  const higherIsBetter = optional(fields.higher_is_better, (field) => reader.boolean(field), true);
  const covariateDays = optional(fields.covariate_days, (field) => reader.number(field), 0);
  const practicalThreshold = optional(fields.practical_threshold, (field) => reader.number(field), null);
  if (kind === undefined || numerator === undefined || denominator === undefined || countsEvents === undefined) {
    return undefined;
  }
  if (windowHours === undefined || retentionFromDays === undefined || quantile === undefined) return undefined;
  if (winsorizing === undefined || dropsZeros === undefined || higherIsBetter === undefined) return undefined;
  if (covariateDays === undefined || practicalThreshold === undefined) return undefined;
  const read: MetricDefinition = {
    kind,
    numerator,
    denominator,
    countsEvents,
    windowHours,
    retentionFromDays,
    quantile,
    winsorizing,
    dropsZeros,
    higherIsBetter,
    covariateDays,
    practicalThreshold,
  };
  return isSound(reader, fields, read) ? read : undefined;
}

/** Whether a definition can be measured; each fault is reported at the field that it is about. */
function isSound(reader: NodeReader, fields: MetricFields, definition: MetricDefinition): boolean {
  const faults = definitionFaults(definition);
  for (const { field, message } of faults) {
    const name = METRIC_FIELDS.find((known) => known === field.split(".")[0]);
    reader.reject((name && fields[name]) ?? fields.self, message);
  }
  return faults.length === 0;
}

function readSelection(
  reader: NodeReader,
  value: Located,
  surroundings: MetricSurroundings,
): EventSelection | undefined {
  const fields = reader.fields(value, ["event_type", "filter", "value_property"]);
  if (fields === undefined) return undefined;
  const typeField = reader.required(fields, "event_type");
  const known = new Set([...surroundings.eventTypes, EXPOSURE_EVENT_TYPE]);
  const eventType =
    typeField && readReference(reader, typeField, { known, noun: "event type", section: "event_types" });
  const filter = optional(fields.filter, (field) => readTargeting(reader, field, surroundings), null);
  const valueProperty = optional(fields.value_property, (field) => reader.name(field), null);
  if (eventType === undefined || filter === undefined || valueProperty === undefined) return undefined;
  return { eventType, filter, valueProperty };
}

function readWinsorizing(reader: NodeReader, value: Located): MetricDefinition["winsorizing"] | undefined {
  const fields = reader.fields(value, ["lower", "upper", "ignore_zeros"]);
  if (fields === undefined) return undefined;
  const lower = optional(fields.lower, (field) => reader.number(field), null);
  const upper = optional(fields.upper, (field) => reader.number(field), null);
  const ignoreZeros = optional(fields.ignore_zeros, (field) => reader.boolean(field), false);
  if (lower === undefined || upper === undefined || ignoreZeros === undefined) return undefined;
  return { lower, upper, ignoreZeros };
}

function optional<T, Absent>(
  field: Located | undefined,
  read: (field: Located) => T | undefined,
  absent: Absent,
): T | Absent | undefined {
  return field === undefined ? absent : read(field);
}
