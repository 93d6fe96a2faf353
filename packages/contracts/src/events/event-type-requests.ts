import type { JsonValue } from "@lotty/domain";
import { z } from "zod";
import { AN_OBJECT, flagField, textField, valueField } from "../control/control-fields.ts";
import { type Read, readWith } from "../read-request.ts";
import { flagKeySchema } from "../request-fields.ts";

/** Body of `POST /v1/event-types`. */
export interface NewEventTypeRequest {
  readonly key: string;
  readonly description?: string | null;
  readonly schema?: JsonValue;
  readonly requires_exposure?: boolean;
}

const fields = {
  description: textField.nullable().exactOptional(),
  schema: valueField.exactOptional().meta({ description: "JSON Schema (draft 2020-12) of the properties." }),
  requires_exposure: flagField
    .exactOptional()
    .meta({ description: "Whether such an event counts only from its subject's exposure on." }),
};

/** Schema of {@link NewEventTypeRequest}. */
export const newEventTypeSchema: z.ZodType<NewEventTypeRequest> = z
  .strictObject({ key: flagKeySchema, ...fields }, AN_OBJECT)
  .meta({ id: "NewEventType" });

/** Body of `PATCH /v1/event-types/{key}`: new values of some fields. */
export interface EventTypeEditRequest extends Omit<NewEventTypeRequest, "key"> {
  readonly archived?: boolean;
}

/** Schema of {@link EventTypeEditRequest}. */
export const eventTypeEditSchema: z.ZodType<EventTypeEditRequest> = z
  .strictObject(
    {
      ...fields,
      archived: flagField.exactOptional().meta({ description: "Whether its events are no longer taken." }),
    },
    AN_OBJECT,
  )
  .meta({ id: "EventTypeEdit" });

/** Reads the body of `POST /v1/event-types`. */
export function readNewEventType(body: unknown): Read<NewEventTypeRequest> {
  return readWith(newEventTypeSchema, body);
}

/** Reads the body of `PATCH /v1/event-types/{key}`. */
export function readEventTypeEdit(body: unknown): Read<EventTypeEditRequest> {
  return readWith(eventTypeEditSchema, body);
}
