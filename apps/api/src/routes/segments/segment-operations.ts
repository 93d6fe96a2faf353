import {
  controlProblemSchema,
  idSchema,
  newSegmentSchema,
  type Operation,
  type OperationParameter,
  segmentEditSchema,
  segmentSchema,
  segmentsSchema,
} from "@lotty/contracts";
import { ifMatchParameter } from "../control/if-match.ts";

const tags = ["Segments"];
const problem = controlProblemSchema;

const segmentId: OperationParameter = {
  name: "segment_id",
  in: "path",
  description: "Id of the segment.",
  required: true,
  schema: idSchema,
};

/** What the description of the API says about `GET /v1/segments`. */
export const LIST_SEGMENTS_OPERATION: Operation = {
  id: "listSegments",
  summary: "List segments",
  tags,
  answers: { 200: { description: "All segments.", schema: segmentsSchema } },
};

/** What the description of the API says about `POST /v1/segments`. */
export const CREATE_SEGMENT_OPERATION: Operation = {
  id: "createSegment",
  summary: "Make a segment",
  tags,
  request: newSegmentSchema,
  answers: { 201: { description: "The segment.", schema: segmentSchema, headers: { Location: "Its path." } } },
  problem,
};

/** What the description of the API says about `GET /v1/segments/{segment_id}`. */
export const FIND_SEGMENT_OPERATION: Operation = {
  id: "findSegment",
  summary: "Look up a segment",
  tags,
  parameters: [segmentId],
  answers: { 200: { description: "The segment.", schema: segmentSchema, headers: { ETag: "Its version." } } },
};

/** What the description of the API says about `PATCH /v1/segments/{segment_id}`. */
export const EDIT_SEGMENT_OPERATION: Operation = {
  id: "editSegment",
  summary: "Change the rule of a segment",
  description: "It takes effect wherever the segment is asked for, at once. A segment keeps its key.",
  tags,
  parameters: [segmentId, ifMatchParameter("named")],
  request: segmentEditSchema,
  answers: {
    200: { description: "The segment as it is now.", schema: segmentSchema, headers: { ETag: "Its new version." } },
  },
  problem,
};

/** What the description of the API says about `DELETE /v1/segments/{segment_id}`. */
export const REMOVE_SEGMENT_OPERATION: Operation = {
  id: "removeSegment",
  summary: "Remove a segment that nothing asks for",
  tags,
  parameters: [segmentId, ifMatchParameter("any")],
  answers: { 204: { description: "It is gone." } },
  problem,
};
