import {
  MICROS_PER_DAY,
  type Instant,
  type MeasuredEvent,
  type MeterMaker,
  type MetricDefinition,
  type MetricKind,
  type SubjectMeasure,
  type SubjectMeter,
} from "@lotty/domain";
import { compileSelection, type CompiledSelection } from "./compile-selection.ts";
import { Tally } from "./tally.ts";

const MICROS_PER_HOUR = MICROS_PER_DAY / 24;

/** Kinds that ask how many events there are, and not what their numbers are. */
const COUNTING: readonly MetricKind[] = ["conversion", "count", "retention"];

/** What a meter knows of its metric. */
interface Metering {
  readonly definition: MetricDefinition;
  readonly numerator: CompiledSelection;
  readonly denominator: CompiledSelection | null;
}

/** Makes the meter of a definition: what {@link MetricDefinition} says, to the letter. All computation of metrics rests on it. */
export const createMeter: MeterMaker = (definition: MetricDefinition) => {
  const { countsEvents, covariateDays, kind, windowHours } = definition;
  const countsOnly = countsEvents || COUNTING.includes(kind);
  const numerator = compileSelection(definition.numerator, countsOnly);
  const denominator = definition.denominator && compileSelection(definition.denominator, countsOnly);
  const selections = denominator === null ? [numerator] : [numerator, denominator];
  const metering = { definition, numerator, denominator };
  return {
    eventTypes: [...new Set(selections.map(({ eventType }) => eventType))],
    readsPropertiesOf: [
      ...new Set(selections.filter(({ readsProperties }) => readsProperties).map(({ eventType }) => eventType)),
    ],
    microsBefore: covariateDays * MICROS_PER_DAY,
    microsAfter: windowHours * MICROS_PER_HOUR,
    subject: (exposedAt) => new CountingMeter(metering, exposedAt),
  };
};

/** The numerator and the denominator in one span of time. */
interface Sides {
  readonly numerator: Tally;
  readonly denominator: Tally | null;
}

class CountingMeter implements SubjectMeter {
  readonly #definition: MetricDefinition;
  readonly #exposedAt: Instant;
  readonly #from: Instant;
  readonly #to: Instant;
  readonly #since: Instant;
  readonly #after: Sides;
  readonly #before: Sides;
  readonly #values: number[] = [];

  constructor(metering: Metering, exposedAt: Instant) {
    const { covariateDays, retentionFromDays, windowHours } = metering.definition;
    this.#definition = metering.definition;
    this.#exposedAt = exposedAt;
    this.#from = exposedAt + retentionFromDays * MICROS_PER_DAY;
    this.#to = exposedAt + windowHours * MICROS_PER_HOUR;
    this.#since = exposedAt - covariateDays * MICROS_PER_DAY;
    this.#after = sidesOf(metering);
    this.#before = sidesOf(metering);
  }

  take(event: MeasuredEvent): void {
    const { occurredAt } = event;
    if (occurredAt >= this.#from && occurredAt < this.#to) {
      const number = this.#after.numerator.take(event);
      this.#after.denominator?.take(event);
      if (number !== undefined && this.#definition.kind === "quantile") this.#values.push(number);
    } else if (occurredAt >= this.#since && occurredAt < this.#exposedAt) {
      this.#before.numerator.take(event);
      this.#before.denominator?.take(event);
    }
  }

  measure(): SubjectMeasure {
    const { covariateDays, kind } = this.#definition;
    const { numerator, denominator } = this.#after;
    const hasCovariate = covariateDays > 0;
    return {
      value: this.#value(),
      denominator: denominator?.sum ?? 1,
      covariate: hasCovariate ? valueOf(kind, this.#before) : null,
      covariateDenominator: hasCovariate ? (this.#before.denominator?.sum ?? 1) : null,
      events: numerator.count + (denominator?.count ?? 0),
      filteredOut: numerator.passedOver || denominator?.passedOver === true,
      values: kind === "quantile" ? this.#values : null,
    };
  }

  #value(): number | null {
    const { dropsZeros, kind } = this.#definition;
    const { numerator, denominator } = this.#after;
    if ((kind === "mean" || kind === "quantile") && numerator.count === 0) return null;
    const value = valueOf(kind, this.#after);
    // A ratio whose numerator is 0 says as much as any other; only where there is nothing to divide by is nothing to see.
    const isZero = denominator === null ? value === 0 : denominator.sum === 0;
    return dropsZeros && isZero ? null : value;
  }
}

function sidesOf({ numerator, denominator }: Metering): Sides {
  return { numerator: new Tally(numerator), denominator: denominator && new Tally(denominator) };
}

function valueOf(kind: MetricKind, { numerator }: Sides): number {
  switch (kind) {
    case "conversion":
    case "retention":
      return numerator.any;
    case "count":
      return numerator.count;
    case "sum":
    case "ratio":
      return numerator.sum;
    case "mean":
    case "quantile":
      return numerator.mean;
  }
}
