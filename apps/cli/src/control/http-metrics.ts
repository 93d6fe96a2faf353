import { metricSchema, metricsSchema } from "@lotty/contracts";
import type { ApiClient } from "../sources/api-client.ts";
import { queryOf } from "./api-pages.ts";
import type { MetricSource } from "./control-source.ts";

/** Metrics through a running API. */
export function httpMetrics(client: ApiClient): MetricSource {
  const [path, schema] = ["v1/metrics", metricSchema] as const;
  return {
    list: async () => (await client.ask({ method: "GET", path, schema: metricsSchema })).metrics,
    find: (id, version) => client.ask({ method: "GET", path: `${path}/${id}${queryOf({ version })}`, schema }),
    create: (body) => client.ask({ method: "POST", path, body, schema }),
    edit: (id, ifVersion, body) => client.ask({ method: "PATCH", path: `${path}/${id}`, ifVersion, body, schema }),
  };
}
