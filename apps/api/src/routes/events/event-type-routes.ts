import {
  eventTypeEditOf,
  EXPOSURE_TYPE_RESPONSE,
  type EventTypeResponse,
  presentEventType,
  readEventTypeEdit,
  readNewEventType,
} from "@lotty/contracts";
import type { EventType } from "@lotty/domain";
import type { Answer } from "../../http/answer.ts";
import type { AdmittedExchange, Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { change, createdAnswer, naming, versionAnswer } from "../control/changing.ts";
import { listAnswer, nothingThere } from "../control/looking.ts";
import {
  CREATE_EVENT_TYPE_OPERATION,
  EDIT_EVENT_TYPE_OPERATION,
  FIND_EVENT_TYPE_OPERATION,
  LIST_EVENT_TYPES_OPERATION,
} from "./event-type-operations.ts";

const PATH = "/v1/event-types";
const ONE = `${PATH}/:key`;

/** Kinds of events. */
export function eventTypeRoutes(parts: ControlParts): readonly Route[] {
  return [...lookingRoutes(parts), ...changingRoutes(parts)];
}

function lookingRoutes({ control }: ControlParts): readonly Route[] {
  const access = { kind: "scope", scope: "read", role: "viewer" } as const;
  const all = async (asked: AdmittedExchange): Promise<readonly EventTypeResponse[]> => {
    const types = await control().store.eventTypes(asked.environmentId);
    return [EXPOSURE_TYPE_RESPONSE, ...types.map(presentEventType)].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  };
  return [
    {
      method: "GET",
      path: PATH,
      access,
      operation: LIST_EVENT_TYPES_OPERATION,
      handler: async (asked) => listAnswer("event_types", await all(asked)),
    },
    {
      method: "GET",
      path: ONE,
      access,
      operation: FIND_EVENT_TYPE_OPERATION,
      handler: async (asked) => {
        const found = (await all(asked)).find(({ key }) => key === keyIn(asked));
        return found === undefined ? nothingThere(asked.requestId) : versionAnswer(found);
      },
    },
  ];
}

function changingRoutes(parts: ControlParts): readonly Route[] {
  const { control } = parts;
  const access = { kind: "scope", scope: "manage", role: "experimenter" } as const;
  return [
    {
      method: "POST",
      path: PATH,
      access,
      operation: CREATE_EVENT_TYPE_OPERATION,
      idempotent: true,
      handler: (asked) =>
        change(asked, parts, {
          read: readNewEventType,
          run: (command, { key, ...fields }) =>
            control().eventTypes.create({ ...command, key, fields: eventTypeEditOf(fields) }),
          answer: (type) => createdAnswer(typeAnswer(type), `${PATH}/${encodeURIComponent(type.key)}`),
        }),
    },
    {
      method: "PATCH",
      path: ONE,
      access,
      operation: EDIT_EVENT_TYPE_OPERATION,
      handler: (asked) =>
        change(asked, parts, {
          version: "named",
          read: readEventTypeEdit,
          run: (command, fields) =>
            control().eventTypes.edit({ ...naming(command), key: keyIn(asked), edit: eventTypeEditOf(fields) }),
          answer: typeAnswer,
        }),
    },
  ];
}

function keyIn({ params }: AdmittedExchange): string {
  const key = params["key"];
  return typeof key === "string" ? key : "";
}

function typeAnswer(type: EventType): Answer {
  return versionAnswer(presentEventType(type));
}
