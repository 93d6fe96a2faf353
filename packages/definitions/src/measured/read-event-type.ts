import { EXPOSURE_EVENT_TYPE } from "@lotty/domain";
import { DEFINITION_LIMITS } from "../limits.ts";
import type { Located, NodeReader } from "../node-reader.ts";
import { readText } from "../read-texts.ts";
import type { EventTypeDefinition } from "./measured-definitions.ts";

/** What could be read of an event type; one with faults still has a key that metrics may refer to. */
export interface EventTypeReading {
  readonly key: string;
  readonly place: Located;
  readonly definition: EventTypeDefinition | undefined;
}

/** Reads one element of `event_types`. Whether its schema can be used is seen when the file is applied. */
export function readEventType(reader: NodeReader, value: Located): EventTypeReading | undefined {
  const fields = reader.fields(value, ["key", "description", "schema", "requires_exposure", "archived"]);
  if (fields === undefined) return undefined;
  const place = reader.required(fields, "key");
  const key = place && reader.name(place);
  const description = readText(reader, fields.description, DEFINITION_LIMITS.maxTextLength);
  const schema = fields.schema === undefined ? null : reader.json(fields.schema);
  const requiresExposure = fields.requires_exposure === undefined ? false : reader.boolean(fields.requires_exposure);
  const archived = fields.archived === undefined ? false : reader.boolean(fields.archived);
  if (place === undefined || key === undefined) return undefined;
  if (key === EXPOSURE_EVENT_TYPE)
    reader.reject(place, "is built in", "leave it out; metrics may name it all the same");
  if (description === undefined || schema === undefined || requiresExposure === undefined || archived === undefined) {
    return { key, place, definition: undefined };
  }
  return { key, place, definition: { key, description, schema, requiresExposure, archived } };
}
