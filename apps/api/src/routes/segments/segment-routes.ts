import { presentSegment, readNewSegment, readPlainAction, readSegmentEdit } from "@lotty/contracts";
import type { Segment } from "@lotty/domain";
import type { Answer } from "../../http/answer.ts";
import type { Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { change, createdAnswer, GONE, naming, versionAnswer } from "../control/changing.ts";
import { listAnswer, nothingThere, withId } from "../control/looking.ts";
import {
  CREATE_SEGMENT_OPERATION,
  EDIT_SEGMENT_OPERATION,
  FIND_SEGMENT_OPERATION,
  LIST_SEGMENTS_OPERATION,
  REMOVE_SEGMENT_OPERATION,
} from "./segment-operations.ts";

const PATH = "/v1/segments";
const ONE = `${PATH}/:segment_id`;

/** Named rules that other rules ask for. */
export function segmentRoutes(parts: ControlParts): readonly Route[] {
  return [...lookingRoutes(parts), ...changingRoutes(parts)];
}

function lookingRoutes({ control }: ControlParts): readonly Route[] {
  const access = { kind: "scope", scope: "read", role: "viewer" } as const;
  return [
    {
      method: "GET",
      path: PATH,
      access,
      operation: LIST_SEGMENTS_OPERATION,
      handler: async (asked) => {
        const { segments } = await control().store.load(asked.environmentId);
        return listAnswer("segments", segments.map(presentSegment));
      },
    },
    {
      method: "GET",
      path: ONE,
      access,
      operation: FIND_SEGMENT_OPERATION,
      handler: withId("segment_id", async (segmentId, asked) => {
        const { segments } = await control().store.load(asked.environmentId);
        const segment = segments.find(({ id }) => id === segmentId);
        return segment === undefined ? nothingThere(asked.requestId) : segmentAnswer(segment);
      }),
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
      operation: CREATE_SEGMENT_OPERATION,
      idempotent: true,
      handler: (asked) =>
        change(asked, parts, {
          read: readNewSegment,
          run: (command, { key, rule }) => control().segments.create({ ...command, key, rule }),
          answer: (segment) => createdAnswer(segmentAnswer(segment), `${PATH}/${segment.id}`),
        }),
    },
    {
      method: "PATCH",
      path: ONE,
      access,
      operation: EDIT_SEGMENT_OPERATION,
      handler: withId("segment_id", (segmentId, asked) =>
        change(asked, parts, {
          version: "named",
          read: readSegmentEdit,
          run: (command, { rule }) => control().segments.edit({ ...naming(command), segmentId, rule }),
          answer: segmentAnswer,
        }),
      ),
    },
    {
      method: "DELETE",
      path: ONE,
      access,
      operation: REMOVE_SEGMENT_OPERATION,
      handler: withId("segment_id", (segmentId, asked) =>
        change(asked, parts, {
          version: "any",
          read: readPlainAction,
          run: (command) => control().segments.remove({ ...command, segmentId }),
          answer: () => GONE,
        }),
      ),
    },
  ];
}

function segmentAnswer(segment: Segment): Answer {
  return versionAnswer(presentSegment(segment));
}
