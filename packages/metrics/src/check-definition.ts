import { segmentsNamedIn, type EventSelection, type MetricDefinition, type Winsorizing } from "@lotty/domain";
import { parse, parseRule } from "@lotty/dsl";

/** What is wrong with a field of a definition. */
export interface DefinitionFault {
  /** Path of the field in the words of the JSON on the wire, such as `numerator.filter`. */
  readonly field: string;
  readonly message: string;
}

/** Limits of definitions. */
export const METRIC_LIMITS = {
  /** Longest window: a year. */
  windowHours: 8_784,
  /** Longest pre-period, in days. */
  covariateDays: 365,
  /** Longest name of a property or an event type, in UTF-16 units. */
  nameLength: 256,
} as const;

/** All that is wrong with a definition; whatever passes can be measured. Whether there are such event types is not looked at. */
export function definitionFaults(definition: MetricDefinition): readonly DefinitionFault[] {
  return [
    ...selectionFaults("numerator", definition.numerator),
    ...(definition.denominator === null ? [] : selectionFaults("denominator", definition.denominator)),
    ...kindFaults(definition),
    ...timeFaults(definition),
    ...(definition.winsorizing === null ? [] : winsorizingFaults(definition, definition.winsorizing)),
    ...thresholdFaults(definition),
  ];
}

function selectionFaults(
  side: string,
  { eventType, filter, valueProperty }: EventSelection,
): readonly DefinitionFault[] {
  const faults: DefinitionFault[] = [];
  if (!isName(eventType)) faults.push({ field: `${side}.event_type`, message: "An event type is named." });
  if (valueProperty !== null && !isName(valueProperty)) {
    faults.push({ field: `${side}.value_property`, message: "A property has a name of at most 256 characters." });
  }
  const fault = filterFault(filter);
  if (fault !== undefined) faults.push({ field: `${side}.filter`, message: fault });
  return faults;
}

function filterFault(filter: string | null): string | undefined {
  const parsed = parse(filter);
  if (!parsed.ok) {
    const read = parseRule(filter ?? "");
    return read.ok ? "The filter cannot be read." : read.message;
  }
  // Segments are about subjects, and mean something else tomorrow: a number of yesterday would change with them.
  return segmentsNamedIn(parsed.rule).length > 0
    ? "A filter asks for properties of events, not for segments."
    : undefined;
}

function kindFaults(definition: MetricDefinition): readonly DefinitionFault[] {
  const { countsEvents, denominator, dropsZeros, kind, quantile, retentionFromDays } = definition;
  const faults: DefinitionFault[] = [];
  if ((kind === "ratio") !== (denominator !== null)) {
    faults.push({ field: "denominator", message: "A ratio has a denominator, and nothing else has one." });
  }
  if (countsEvents && kind !== "ratio") {
    faults.push({ field: "counts_events", message: "Only of ratios is said what they count." });
  }
  if (kind === "quantile" ? !isInside(quantile) : quantile !== null) {
    faults.push({ field: "quantile", message: "A quantile lies above 0 and below 1; no other kind has one." });
  }
  if (retentionFromDays !== 0 && kind !== "retention") {
    faults.push({ field: "retention_from_days", message: "Only retention is measured from a later day on." });
  }
  if (dropsZeros && (kind === "conversion" || kind === "retention" || kind === "quantile")) {
    faults.push({ field: "drops_zeros", message: `Without its zeros a ${kind} says nothing.` });
  }
  return faults;
}

function timeFaults({
  covariateDays,
  kind,
  retentionFromDays,
  windowHours,
}: MetricDefinition): readonly DefinitionFault[] {
  const faults: DefinitionFault[] = [];
  if (!isWhole(windowHours, 1, METRIC_LIMITS.windowHours)) {
    faults.push({ field: "window_hours", message: `A window has 1 to ${METRIC_LIMITS.windowHours} whole hours.` });
  }
  if (!isWhole(retentionFromDays, 0, METRIC_LIMITS.covariateDays) || retentionFromDays * 24 >= windowHours) {
    faults.push({ field: "retention_from_days", message: "Retention begins on a whole day before the window ends." });
  }
  if (!isWhole(covariateDays, 0, METRIC_LIMITS.covariateDays)) {
    faults.push({
      field: "covariate_days",
      message: `A pre-period has up to ${METRIC_LIMITS.covariateDays} whole days.`,
    });
  }
  if (covariateDays !== 0 && kind === "quantile") {
    faults.push({ field: "covariate_days", message: "A quantile has no covariate." });
  }
  return faults;
}

function winsorizingFaults({ kind }: MetricDefinition, { lower, upper }: Winsorizing): readonly DefinitionFault[] {
  const field = "winsorizing";
  if (kind === "conversion" || kind === "retention" || kind === "quantile") {
    return [{ field, message: `A ${kind} has no extreme values to pull in.` }];
  }
  if (lower === null && upper === null) return [{ field, message: "One cap at least is named." }];
  const low = lower ?? 0;
  const high = upper ?? 1;
  return low >= 0 && low < high && high <= 1
    ? []
    : [{ field, message: "Caps are shares from 0 to 1, the lower below the upper." }];
}

function thresholdFaults({ practicalThreshold }: MetricDefinition): readonly DefinitionFault[] {
  if (practicalThreshold === null || (practicalThreshold > 0 && Number.isFinite(practicalThreshold))) return [];
  return [{ field: "practical_threshold", message: "The smallest change that matters is above 0." }];
}

function isInside(share: number | null): boolean {
  return share !== null && share > 0 && share < 1;
}

function isWhole(number: number, least: number, most: number): boolean {
  return Number.isInteger(number) && number >= least && number <= most;
}

function isName(text: string): boolean {
  return text.trim() !== "" && text.length <= METRIC_LIMITS.nameLength && text.isWellFormed() && !text.includes("\0");
}
