import type { MetricResponse } from "@lotty/contracts";
import type { Paint } from "../terminal/paint.ts";
import { renderFields } from "../terminal/render-fields.ts";
import { renderTable } from "../terminal/render-table.ts";

type Definition = MetricResponse["definition"];

/** Metrics as a table. */
export function renderMetrics(metrics: readonly MetricResponse[], paint: Paint): string {
  const rows = metrics.map(({ archived_at, definition, key, owner, version }) => [
    key,
    definition.kind,
    [definition.numerator, definition.denominator].flatMap((side) => side?.event_type ?? []).join(" / "),
    archived_at === null ? String(version) : `${version} archived`,
    owner ?? "-",
  ]);
  return renderTable(["KEY", "KIND", "EVENTS", "VERSION", "OWNER"], rows, paint);
}

/** A metric with all that is said about it. */
export function renderMetric(metric: MetricResponse, paint: Paint): string {
  const { archived_at, definition, description, key, name, owner, tags, version } = metric;
  const fields = renderFields(
    [
      ["name", name === key ? null : name],
      ["description", description],
      ["owner", owner],
      ["tags", tags.length === 0 ? null : tags.join(" ")],
      ["kind", kindOf(definition)],
      ["events", selectionText(definition.numerator)],
      ["per", definition.denominator && selectionText(definition.denominator)],
      ["window", windowOf(definition)],
      ["better", definition.higher_is_better ? "higher" : "lower"],
      ["extremes", extremesOf(definition)],
      ["covariate", definition.covariate_days === 0 ? null : `${definition.covariate_days} days before`],
      ["matters from", definition.practical_threshold === null ? null : percent(definition.practical_threshold)],
      ["archived", archived_at],
    ],
    paint,
  );
  return `${paint("strong", key)}, version ${version}\n${fields}`;
}

function kindOf({ counts_events, kind, quantile }: Definition): string {
  if (quantile !== null) return `${kind} ${quantile}`;
  return counts_events ? `${kind} of counts` : kind;
}

function selectionText({ event_type, filter, value_property }: Definition["numerator"]): string {
  const where = filter === null ? "" : ` where ${filter}`;
  return `${event_type}${value_property === null ? "" : `, its ${value_property}`}${where}`;
}

function windowOf({ retention_from_days: from, window_hours }: Definition): string {
  const begins = from === 0 ? "" : `, from day ${from} on`;
  return `${window_hours} hours after the first exposure${begins}`;
}

function extremesOf({ drops_zeros, winsorizing }: Definition): string | null {
  const caps = winsorizing && [winsorizing.lower, winsorizing.upper].flatMap((share) => share ?? []).map(percent);
  const parts = [
    ...(caps === null
      ? []
      : [`pulled in to ${caps.join(" and ")}${winsorizing?.ignore_zeros === true ? " without zeros" : ""}`]),
    ...(drops_zeros ? ["zeros are dropped"] : []),
  ];
  return parts.length === 0 ? null : parts.join(", ");
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(4))} %`;
}
