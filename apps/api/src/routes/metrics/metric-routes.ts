import {
  definitionOf,
  type MetricEditRequest,
  presentMetric,
  readMetricEdit,
  readMetricQuery,
  readNewMetric,
} from "@lotty/contracts";
import type { MetricEdit } from "@lotty/control-plane";
import type { Metric } from "@lotty/domain";
import type { Answer } from "../../http/answer.ts";
import type { Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { environmentOf } from "../control/asked-by.ts";
import { change, createdAnswer, naming, versionAnswer } from "../control/changing.ts";
import { listAnswer, looking, nothingThere, withId } from "../control/looking.ts";
import {
  CREATE_METRIC_OPERATION,
  EDIT_METRIC_OPERATION,
  FIND_METRIC_OPERATION,
  LIST_METRICS_OPERATION,
} from "./metric-operations.ts";

const PATH = "/v1/metrics";
const ONE = `${PATH}/:metric_id`;

/** What experiments are measured by. */
export function metricRoutes(parts: ControlParts): readonly Route[] {
  return [...lookingRoutes(parts), ...changingRoutes(parts)];
}

function lookingRoutes({ control }: ControlParts): readonly Route[] {
  const access = { kind: "scope", scope: "read", role: "viewer" } as const;
  return [
    {
      method: "GET",
      path: PATH,
      access,
      operation: LIST_METRICS_OPERATION,
      handler: async (asked) =>
        listAnswer("metrics", (await control().catalogue.list(environmentOf(asked))).map(presentMetric)),
    },
    {
      method: "GET",
      path: ONE,
      access,
      operation: FIND_METRIC_OPERATION,
      handler: withId("metric_id", (metricId, exchange) =>
        looking(readMetricQuery, async ({ version }, asked) => {
          const metric = await control().catalogue.find(environmentOf(asked), metricId, version);
          return metric === undefined ? nothingThere(asked.requestId) : metricAnswer(metric);
        })(exchange),
      ),
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
      operation: CREATE_METRIC_OPERATION,
      idempotent: true,
      handler: (asked) =>
        change(asked, parts, {
          read: readNewMetric,
          run: (command, { definition, ...fields }) =>
            control().metrics.create({ ...command, fields: { ...fields, definition: definitionOf(definition) } }),
          answer: (metric) => createdAnswer(metricAnswer(metric), `${PATH}/${metric.id}`),
        }),
    },
    {
      method: "PATCH",
      path: ONE,
      access,
      operation: EDIT_METRIC_OPERATION,
      handler: withId("metric_id", (metricId, asked) =>
        change(asked, parts, {
          version: "named",
          read: readMetricEdit,
          run: (command, edit) => control().metrics.edit({ ...naming(command), metricId, edit: editOf(edit) }),
          answer: metricAnswer,
        }),
      ),
    },
  ];
}

function editOf({ definition, ...fields }: MetricEditRequest): MetricEdit {
  return { ...fields, ...(definition !== undefined && { definition: definitionOf(definition) }) };
}

function metricAnswer(metric: Metric): Answer {
  return versionAnswer(presentMetric(metric));
}
