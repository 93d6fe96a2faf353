import { ledgerSchema, planSchema, powerSchema, reportSchema } from "@lotty/contracts/analysis";
import type { ApiClient } from "../sources/api-client.ts";
import type { ResultsSource } from "./results-source.ts";

/** Results through a running API. */
export function httpResults(client: ApiClient): ResultsSource {
  const one = (id: string): string => `v1/experiments/${id}`;
  return {
    report: (id, cut) =>
      client.ask({ method: "GET", path: `${one(id)}/results${queryOf({ ...cut })}`, schema: reportSchema }),
    ledger: (id, { after, limit, metric, variantId }) => {
      const query = queryOf({
        metric,
        variant: variantId,
        limit: String(limit),
        ...(after !== undefined && { after }),
      });
      return client.ask({ method: "GET", path: `${one(id)}/results/ledger${query}`, schema: ledgerSchema });
    },
    plan: (id) => client.ask({ method: "GET", path: `${one(id)}/plan`, schema: planSchema }),
    putPlan: (id, body, version) =>
      client.ask({ method: "PUT", path: `${one(id)}/plan`, body, ifVersion: version ?? "*", schema: planSchema }),
    power: (body) => client.ask({ method: "POST", path: "v1/power", body, schema: powerSchema }),
  };
}

function queryOf(fields: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(fields).toString();
  return text === "" ? "" : `?${text}`;
}
