import { compareCodePoints, type MetricDefinition } from "@lotty/domain";
import { DEFINITION_LIMITS } from "../limits.ts";
import type { Located, NodeReader } from "../node-reader.ts";
import { readNames, readText } from "../read-texts.ts";
import type { StatedMetric } from "./measured-definitions.ts";
import { METRIC_FIELDS, readMetricDefinition, type MetricSurroundings } from "./read-metric-definition.ts";

/** What could be read of a metric; one with faults still has a key that plans and guardrails may refer to. */
export interface MetricReading {
  readonly key: string;
  readonly place: Located;
  readonly kind: MetricDefinition["kind"] | undefined;
  readonly archived: boolean;
  readonly definition: StatedMetric | undefined;
}

const FIELDS = ["key", "name", "description", "owner", "tags", "archived", ...METRIC_FIELDS] as const;

/** Reads one element of `metrics`. */
export function readMetric(
  reader: NodeReader,
  value: Located,
  surroundings: MetricSurroundings,
): MetricReading | undefined {
  const fields = reader.fields(value, FIELDS);
  if (fields === undefined) return undefined;
  const place = reader.required(fields, "key");
  const key = place && reader.name(place);
  const name = fields.name === undefined ? key : reader.name(fields.name);
  const description = readText(reader, fields.description, DEFINITION_LIMITS.maxTextLength);
  const owner = readText(reader, fields.owner, DEFINITION_LIMITS.maxKeyLength);
  const tags = fields.tags === undefined ? [] : readNames(reader, fields.tags);
  const archived = fields.archived === undefined ? false : reader.boolean(fields.archived);
  const definition = readMetricDefinition(reader, fields, surroundings);
  if (place === undefined || key === undefined) return undefined;
  const reading = { key, place, kind: definition?.kind, archived: archived === true };
  if (name === undefined || description === undefined || owner === undefined || tags === undefined) {
    return { ...reading, definition: undefined };
  }
  if (archived === undefined || definition === undefined) return { ...reading, definition: undefined };
  const sorted = tags.toSorted(compareCodePoints);
  return { ...reading, definition: { key, name, description, owner, tags: sorted, archived, definition } };
}
