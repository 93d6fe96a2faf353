import { LottyError, type EventSelection, type JsonObject, type MeasuredEvent } from "@lotty/domain";
import { parseRule } from "@lotty/dsl";
import { compileRule, evaluateRule, type CompiledRule } from "@lotty/engine";

/** What a selection says about an event. */
export type Selected =
  /** It is of another type. */
  | "other"
  /** It is of the type, but the filter does not take it, or it has no number. */
  | "passed_over"
  /** It is taken, with this number. */
  | number;

/** A selection made ready to be asked often. */
export interface CompiledSelection {
  readonly eventType: string;
  readonly readsProperties: boolean;
  select(event: MeasuredEvent): Selected;
}

/**
 * Numbers of events beyond this count as none: their squares, added up over all subjects there can be, would leave the range of
 * floating-point numbers, and one broken sender would take the whole report with it.
 */
export const LARGEST_NUMBER = 1e100;

/**
 * Makes a selection ready.
 *
 * @param countsOnly whether events are counted, so that those without a number are taken too, as 1
 * @throws LottyError `internal` when the filter is no rule: definitions are checked before they are kept
 */
export function compileSelection(selection: EventSelection, countsOnly: boolean): CompiledSelection {
  const { eventType, valueProperty } = selection;
  const filter = compileFilter(selection.filter);
  const numberOf = countsOnly ? () => 1 : valueProperty === null ? valueOf : propertyReader(valueProperty);
  return {
    eventType,
    readsProperties: filter !== null || (!countsOnly && valueProperty !== null),
    select: (event) => {
      if (event.eventType !== eventType) return "other";
      if (filter !== null && evaluateRule(filter, event.properties) !== "true") return "passed_over";
      return numberOf(event) ?? "passed_over";
    },
  };
}

function compileFilter(text: string | null): CompiledRule | null {
  if (text === null) return null;
  const parsed = parseRule(text);
  if (!parsed.ok) throw new LottyError("internal", `The filter of a metric is no rule: ${parsed.message}`);
  return parsed.rule === null ? null : compileRule(parsed.rule);
}

function valueOf({ value }: MeasuredEvent): number | undefined {
  return measurable(value);
}

function propertyReader(name: string): (event: MeasuredEvent) => number | undefined {
  return ({ properties }) => measurable(ownProperty(properties, name));
}

function ownProperty(properties: JsonObject, name: string): unknown {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function measurable(value: unknown): number | undefined {
  return typeof value === "number" && Math.abs(value) <= LARGEST_NUMBER ? value : undefined;
}
