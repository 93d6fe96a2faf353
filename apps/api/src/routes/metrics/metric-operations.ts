import {
  controlProblemSchema,
  idSchema,
  metricEditSchema,
  metricSchema,
  metricsSchema,
  newMetricSchema,
  type Operation,
  type OperationParameter,
  versionQuerySchema,
} from "@lotty/contracts";
import { ifMatchParameter } from "../control/if-match.ts";

const tags = ["Metrics"];
const problem = controlProblemSchema;

const metricId: OperationParameter = {
  name: "metric_id",
  in: "path",
  description: "Id of the metric.",
  required: true,
  schema: idSchema,
};

const version: OperationParameter = {
  name: "version",
  in: "query",
  description: "The version that is wanted; the current one when absent.",
  required: false,
  schema: versionQuerySchema,
};

/** What the description of the API says about `GET /v1/metrics`. */
export const LIST_METRICS_OPERATION: Operation = {
  id: "listMetrics",
  summary: "List metrics",
  description: "Those that are archived are among them.",
  tags,
  answers: { 200: { description: "All metrics in their current versions, by key.", schema: metricsSchema } },
};

/** What the description of the API says about `POST /v1/metrics`. */
export const CREATE_METRIC_OPERATION: Operation = {
  id: "createMetric",
  summary: "Make a metric",
  tags,
  request: newMetricSchema,
  answers: { 201: { description: "The metric.", schema: metricSchema, headers: { Location: "Its path." } } },
  problem,
};

/** What the description of the API says about `GET /v1/metrics/{metric_id}`. */
export const FIND_METRIC_OPERATION: Operation = {
  id: "findMetric",
  summary: "Look up a metric, in any of its versions",
  tags,
  parameters: [metricId, version],
  answers: { 200: { description: "The metric.", schema: metricSchema, headers: { ETag: "Its version." } } },
};

/** What the description of the API says about `PATCH /v1/metrics/{metric_id}`. */
export const EDIT_METRIC_OPERATION: Operation = {
  id: "editMetric",
  summary: "Change a metric, put it into the archive or take it out",
  description:
    "Makes a new version. Plans keep the version that they name, and so do their results. A metric keeps its key and is never removed.",
  tags,
  parameters: [metricId, ifMatchParameter("named")],
  request: metricEditSchema,
  answers: {
    200: { description: "The metric as it is now.", schema: metricSchema, headers: { ETag: "Its new version." } },
  },
  problem,
};
