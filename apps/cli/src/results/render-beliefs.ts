import type { ReportResponse } from "@lotty/contracts/analysis";
import type { Paint } from "../terminal/paint.ts";
import { renderTable } from "../terminal/render-table.ts";
import { percent } from "./percent.ts";

/** Beliefs beside the results, with the prior that they rest on; empty where none was given. */
export function renderBeliefs({ metrics, plan, prior_sd, variants }: ReportResponse, paint: Paint): string {
  if (prior_sd === undefined) return "";
  const rows = metrics.flatMap(({ metric, variants: results }) =>
    results.flatMap(({ belief, variant_id }) => {
      if (belief === undefined) return [];
      const { beats_control, best, expected_loss, interval, lift, negligible } = belief;
      return [
        [
          metric.key,
          variants.find(({ id }) => id === variant_id)?.name ?? variant_id,
          percent(best),
          beats_control === null ? "" : percent(beats_control),
          percent(expected_loss),
          lift === null ? "" : percent(lift),
          interval === null ? "" : `${bound(interval.low)} to ${bound(interval.high)}`,
          negligible === null ? "" : percent(negligible),
        ],
      ];
    }),
  );
  const covered = plan === null ? "" : `; intervals of ${percent(1 - plan.alpha)}`;
  const head = `Beliefs, if lifts are normal around 0 with a deviation of ${percent(prior_sd)}${covered}. Nothing is decided by them.`;
  if (rows.length === 0) return paint("quiet", `${head} There is nothing to say yet.`);
  const columns = ["METRIC", "VARIANT", "BEST", "BEATS CONTROL", "LOSS", "LIFT", "CREDIBLE", "NEGLIGIBLE"];
  return [paint("quiet", head), renderTable(columns, rows, paint)].join("\n");
}

function bound(value: number | null): string {
  return value === null ? "?" : percent(value);
}
