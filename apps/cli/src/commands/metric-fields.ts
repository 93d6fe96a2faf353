import type { MetricDefinitionRequest } from "@lotty/contracts";
import { isJsonObject, LottyError, METRIC_KINDS } from "@lotty/domain";
import { type Command, Option } from "commander";
import type { Terminal } from "../terminal/terminal.ts";
import { orNull } from "./flag-fields.ts";
import { jsonOption } from "./json-option.ts";
import { wholeOption } from "./whole-option.ts";

/** Fields of a metric as given on the command line; `false` for those that are taken away. */
export interface MetricFieldOptions {
  readonly name?: string;
  readonly description?: string | false;
  readonly owner?: string | false;
  readonly tag?: readonly string[] | false;
  readonly definition?: string;
  readonly kind?: string;
  readonly event?: string;
  readonly filter?: string | false;
  readonly value?: string | false;
  readonly per?: string | false;
  readonly window?: number;
  readonly lowerIsBetter?: boolean;
  readonly higherIsBetter?: boolean;
}

/** Adds the options for the fields of a metric. */
export function addMetricFields(command: Command): Command {
  return command
    .addOption(new Option("--kind <kind>", "what is made of a subject's events").choices(METRIC_KINDS))
    .option("--event <type>", "the event type that is looked at")
    .option("--filter <rule>", "only events that a rule takes")
    .option("--no-filter", "every event of the type")
    .option("--value <property>", "property whose number is taken in place of the event's value")
    .option("--no-value", "the event's value")
    .option("--per <type>", "the event type below the line of a ratio")
    .option("--no-per", "nothing below a line")
    .option("--window <hours>", "how long after the first exposure events count", wholeOption)
    .option("--higher-is-better", "more of it is good")
    .addOption(new Option("--lower-is-better", "less of it is good").conflicts("higherIsBetter"))
    .option("--definition <json>", "all of the definition as the API takes it: a JSON object, @file, or @-")
    .option("--name <text>", "what people call it; its key when nothing is said")
    .option("--description <text>", "what it is for")
    .option("--no-description", "say nothing")
    .option("--owner <name>", "a person or a team")
    .option("--no-owner", "nobody")
    .option("--tag <tag...>", "its tags, in place of those it has")
    .option("--no-tag", "no tags");
}

/**
 * The body that creates or edits a metric. Single parts of the definition are put into the one that is given, else into that of before:
 * the API takes a definition whole.
 *
 * @throws LottyError `invalid_request`, `not_found` (a file)
 */
export async function metricBody(
  terminal: Terminal,
  options: MetricFieldOptions,
  before?: MetricDefinitionRequest,
): Promise<object> {
  const { description, name, owner, tag } = options;
  const whole = await wholeDefinition(terminal, options.definition);
  const parts = partsOf(options);
  const changed = whole !== undefined || Object.keys(parts).length > 0 || sidesNamed(options);
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description: orNull(description) }),
    ...(owner !== undefined && { owner: orNull(owner) }),
    ...(tag !== undefined && { tags: tag === false ? [] : tag }),
    ...(changed && { definition: withSides({ ...(whole ?? before), ...parts }, options) }),
  };
}

async function wholeDefinition(terminal: Terminal, given: string | undefined): Promise<object | undefined> {
  if (given === undefined) return undefined;
  const definition = await jsonOption(terminal, { name: "--definition", given, example: EXAMPLE });
  if (isJsonObject(definition)) return definition;
  throw new LottyError("invalid_request", "--definition is no JSON object");
}

const EXAMPLE = '{"kind": "conversion", "numerator": {"event_type": "purchase"}}';

function partsOf({ higherIsBetter, kind, lowerIsBetter, window }: MetricFieldOptions): object {
  return {
    ...(kind !== undefined && { kind }),
    ...(window !== undefined && { window_hours: window }),
    ...(higherIsBetter === true && { higher_is_better: true }),
    ...(lowerIsBetter === true && { higher_is_better: false }),
  };
}

function sidesNamed({ event, filter, per, value }: MetricFieldOptions): boolean {
  return [event, filter, per, value].some((option) => option !== undefined);
}

/** What a definition may have before it was checked. */
interface Sides {
  readonly numerator?: unknown;
  readonly denominator?: unknown;
}

function withSides(definition: Sides, { event, filter, per, value }: MetricFieldOptions): object {
  const numerator = {
    ...(event !== undefined && { event_type: event }),
    ...(filter !== undefined && { filter: orNull(filter) }),
    ...(value !== undefined && { value_property: orNull(value) }),
  };
  return {
    ...definition,
    ...(Object.keys(numerator).length > 0 && { numerator: { ...objectOf(definition.numerator), ...numerator } }),
    ...(per === false && { denominator: null }),
    ...(typeof per === "string" && { denominator: { ...objectOf(definition.denominator), event_type: per } }),
  };
}

function objectOf(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
