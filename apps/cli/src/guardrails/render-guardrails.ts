import type {
  FiringResponse,
  GuardrailResponse,
  IncidentResponse,
  RampResponse,
  WatchedGuardrailResponse,
} from "@lotty/contracts";
import type { Names } from "../control/render-surroundings.ts";
import type { Paint } from "../terminal/paint.ts";
import { renderTable } from "../terminal/render-table.ts";
import { visibleText } from "../terminal/visible-text.ts";

/** Guardrails as a table, with the keys of their metrics. */
export function renderGuardrails(
  guardrails: readonly (GuardrailResponse | WatchedGuardrailResponse)[],
  metrics: Names,
  paint: Paint,
): string {
  const rows = guardrails.map((guardrail) => [
    metrics.get(guardrail.metric_id) ?? guardrail.metric_id,
    marginOf(guardrail),
    String(guardrail.alpha),
    guardrail.action,
    "evaluation" in guardrail ? (guardrail.evaluation?.state ?? "not looked at") : "-",
    String(guardrail.version),
    guardrail.id,
  ]);
  return renderTable(["METRIC", "MARGIN", "ALPHA", "ACTION", "STATE", "VERSION", "ID"], rows, paint);
}

/** Firings as a table, newest first, with the last that became of each. */
export function renderFirings(firings: readonly FiringResponse[], metrics: Names, paint: Paint): string {
  const rows = firings.map(({ at, guardrail, id, steps }) => {
    const last = steps.at(-1);
    return [
      at,
      metrics.get(guardrail.metric_id) ?? guardrail.metric_id,
      guardrail.action,
      last === undefined ? "-" : `${last.kind} by ${last.actor_name}: ${last.said}`,
      id,
    ];
  });
  return renderTable(["FIRED", "METRIC", "ACTION", "SINCE", "ID"], rows, paint);
}

/** What ids stand for. */
export interface IncidentNames {
  readonly metrics: Names;
  readonly variants: Names;
}

/** One firing for a person: what happened when, what the guardrail saw of each variant, and whom the experiment had reached. */
export function renderIncident(
  { evaluation, guardrail, reached, timeline }: IncidentResponse,
  { metrics, variants }: IncidentNames,
  paint: Paint,
): string {
  const nameOf = (id: string): string => variants.get(id) ?? id;
  const metric = metrics.get(guardrail.metric_id) ?? guardrail.metric_id;
  const seen = evaluation.readings.map((reading) => [
    nameOf(reading.variant_id),
    reading.state,
    `${reading.subjects} / ${reading.control_subjects}`,
    `${figure(reading.mean)} / ${figure(reading.control_mean)}`,
    figure(reading.shift),
    `${figure(reading.low)} … ${figure(reading.high)}`,
  ]);
  const reachedRows = (reached ?? []).map((each) => [
    nameOf(each.variant_id),
    String(each.subjects),
    String(each.decisions),
  ]);
  return [
    `${visibleText(metric)}, margin ${marginOf(guardrail)}, alpha ${guardrail.alpha}, ${guardrail.action}`,
    ...timeline.map(({ at, what }) => `${at}  ${visibleText(what)}`),
    renderTable(["VARIANT", "STATE", "SUBJECTS / CONTROL", "MEAN / CONTROL", "SHIFT", "BOUNDS"], seen, paint),
    reached === null
      ? paint("doubtful", "Whom it had reached is not known: the log took too long to read.")
      : renderTable(["VARIANT", "SUBJECTS REACHED", "DECISIONS"], reachedRows, paint),
  ].join("\n");
}

function figure(value: number | null): string {
  return value === null ? "-" : String(Number(value.toPrecision(4)));
}

/** A ramp plan for a person. */
export function renderRamp({ held, since, steps, version }: RampResponse, paint: Paint): string {
  const state = held ? paint("doubtful", "held") : "goes on by itself";
  const rows = steps.map(({ hold_hours, traffic_allocation }, place) => [
    `${traffic_allocation} %`,
    place === steps.length - 1 ? "the end" : `${hold_hours} h`,
  ]);
  const began = since === null ? "" : visibleText(`, last step ${since}`);
  return `version ${version}, ${state}${began}\n${renderTable(["TRAFFIC", "HOLDS FOR"], rows, paint)}`;
}

function marginOf({ margin, margin_kind }: GuardrailResponse): string {
  return margin_kind === "relative" ? `${Number((margin * 100).toFixed(4))} %` : String(margin);
}
