import {
  eventTypeEditOf,
  EXPOSURE_TYPE_RESPONSE,
  presentEventType,
  readEventTypeEdit,
  readNewEventType,
} from "@lotty/contracts";
import type { EventTypeSource } from "./control-source.ts";
import { done, given, type LocalControl } from "./local-control.ts";

/** Event types in a database. */
export function localEventTypes({ command, eventTypes, store }: LocalControl): EventTypeSource {
  return {
    list: async () => [
      EXPOSURE_TYPE_RESPONSE,
      ...(await store.eventTypes(command.environmentId)).map(presentEventType),
    ],
    create: async (body) => {
      const { key, ...fields } = given(readNewEventType(body));
      return presentEventType(await done(eventTypes.create({ ...command, key, fields: eventTypeEditOf(fields) })));
    },
    edit: async (key, expectedVersion, body) => {
      const edit = eventTypeEditOf(given(readEventTypeEdit(body)));
      return presentEventType(await done(eventTypes.edit({ ...command, key, expectedVersion, edit })));
    },
  };
}
