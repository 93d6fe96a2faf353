import type { EventTypeEdit } from "@lotty/control-plane";
import type { EventTypeEditRequest } from "./event-type-requests.ts";

/** What a request changes of an event type. */
export function eventTypeEditOf({
  requires_exposure: requiresExposure,
  ...fields
}: EventTypeEditRequest): EventTypeEdit {
  return { ...fields, ...(requiresExposure !== undefined && { requiresExposure }) };
}
