import type { LedgerResponse, PlanResponse, PowerResponse, ReportResponse } from "@lotty/contracts/analysis";
import type { Paint, Tone } from "../terminal/paint.ts";
import { renderTable } from "../terminal/render-table.ts";
import { visibleText } from "../terminal/visible-text.ts";
import { percent } from "./percent.ts";
import { renderBeliefs } from "./render-beliefs.ts";
import { renderForest } from "./render-forest.ts";

const TONE_OF_VERDICT: Readonly<Partial<Record<ReportResponse["verdict"]["verdict"], Tone>>> = {
  ship: "good",
  do_not_ship: "bad",
  untrustworthy: "bad",
};

const LIGHTS: Readonly<
  Record<ReportResponse["trust"][number]["light"], { readonly sign: string; readonly tone: Tone }>
> = {
  green: { sign: "✓", tone: "good" },
  amber: { sign: "!", tone: "doubtful" },
  red: { sign: "✗", tone: "bad" },
  unknown: { sign: "·", tone: "quiet" },
};

/** Results for a person: the verdict first, then whether to believe it, then the effects. */
export function renderResults(report: ReportResponse, columns: number, paint: Paint): string {
  const { deviations, interventions, metrics, trust, verdict } = report;
  const tone = TONE_OF_VERDICT[verdict.verdict] ?? "strong";
  const reasons = verdict.reasons
    .filter((reason) => !verdict.sentence.includes(reason))
    .map((text) => `  ${visibleText(text)}`);
  const parts = [
    [paint(tone, visibleText(verdict.sentence)), ...reasons].join("\n"),
    ...(verdict.would_change === null ? [] : [paint("quiet", `What would change it: ${verdict.would_change}`)]),
    ...(deviations.length === 0 ? [] : [renderDeviations(deviations, paint)]),
    // The start alone is no news.
    ...(interventions.length < 2 ? [] : [renderInterventions(interventions, paint)]),
    trust
      .map(({ light, message }) => `${paint(LIGHTS[light].tone, LIGHTS[light].sign)} ${visibleText(message)}`)
      .join("\n"),
    ...(metrics.length === 0 ? [] : [renderForest(report, columns, paint), renderMetrics(report, paint)]),
    renderBeliefs(report, paint),
    ...metrics.flatMap(({ limitation, metric }) =>
      limitation === undefined ? [] : [paint("quiet", visibleText(`${metric.key}: ${limitation}`))],
    ),
    paint("quiet", footOf(report)),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function renderDeviations(deviations: ReportResponse["deviations"], paint: Paint): string {
  return [
    paint("doubtful", "The plan was changed after the start:"),
    ...deviations.map(({ actor, at, field, now, planned }) =>
      visibleText(`  ${at.slice(0, 10)} ${actor}: ${field} from ${planned} to ${now}`),
    ),
  ].join("\n");
}

function renderInterventions(interventions: ReportResponse["interventions"], paint: Paint): string {
  return [
    paint("quiet", "What was done while it ran:"),
    ...interventions.map(({ at, said }) => visibleText(`  ${at.slice(0, 16).replace("T", " ")} ${said}`)),
  ].join("\n");
}

function renderMetrics({ metrics, variants }: ReportResponse, paint: Paint): string {
  const rows = metrics.flatMap(({ metric, role, variants: results }) =>
    results.map(({ effect, n, value, variant_id }) => [
      metric.key,
      role,
      variants.find(({ id }) => id === variant_id)?.name ?? variant_id,
      String(n),
      value === null ? "" : value.toPrecision(5),
      effect === null || effect.variance_reduction === null ? "" : percent(effect.variance_reduction),
      effect === null || effect.minimum_detectable === null ? "" : percent(effect.minimum_detectable),
    ]),
  );
  return renderTable(["METRIC", "ROLE", "VARIANT", "SUBJECTS", "VALUE", "CUPED", "DETECTABLE"], rows, paint);
}

function footOf({ metrics, plan, watermark }: ReportResponse): string {
  const through = metrics[0]?.through ?? null;
  const days = through === null ? "No day of exposure is whole yet" : `Subjects exposed up to ${through}`;
  const looking =
    plan === null ? "" : `; ${plan.looking.replaceAll("_", " ")} at alpha ${plan.alpha}, ${plan.correction} correction`;
  return `${days}${watermark === null ? "" : `, events received before ${watermark}`}${looking}.`;
}

/** Lines of the ledger for a person. */
export function renderLedger({ lines }: LedgerResponse, paint: Paint): string {
  const rows = lines.map(({ decision_id, event_ids, exposure_event_id, outcome, subject_id }) => [
    subject_id,
    outcome.replaceAll("_", " "),
    decision_id ?? "",
    exposure_event_id ?? "",
    event_ids.join(" "),
  ]);
  return renderTable(["SUBJECT", "OUTCOME", "DECISION", "EXPOSURE", "EVENTS"], rows, paint);
}

/** A plan for a person. */
export function renderPlan(plan: PlanResponse, paint: Paint): string {
  const rows = [
    ...plan.primary.map(({ metric_id, metric_version }) => ["primary", metric_id, String(metric_version), ""]),
    ...plan.secondary.map(({ metric_id, metric_version }) => ["secondary", metric_id, String(metric_version), ""]),
    ...plan.guardrails.map(({ margin, metric_id, metric_version }) => [
      "guardrail",
      metric_id,
      String(metric_version),
      percent(margin),
    ]),
  ];
  const effect = plan.minimum_effect === null ? "" : `, to find ${percent(plan.minimum_effect)}`;
  const subjects = plan.planned_subjects === null ? "" : ` or ${plan.planned_subjects} subjects`;
  const facts = [
    `Version ${plan.version}, ${plan.frozen_at === null ? "not frozen yet" : `frozen at ${plan.frozen_at}`}; hash ${plan.hash.slice(0, 16)}`,
    `alpha ${plan.alpha}, power ${plan.power}${effect}; ${plan.duration_days} days${subjects}, nothing below ${plan.minimum_subjects} per arm`,
    `${plan.looking.replaceAll("_", " ")}; ${plan.correction} over ${plan.correction_scope.replaceAll("_", " ")}; who was ${plan.population}`,
  ];
  const changed = plan.deviations.length === 0 ? [] : ["", renderDeviations(plan.deviations, paint)];
  return [renderTable(["ROLE", "METRIC", "VERSION", "MARGIN"], rows, paint), "", ...facts, ...changed].join("\n");
}

/** A planned size for a person. */
export function renderPower(power: PowerResponse, paint: Paint): string {
  const { baseline, days, minimum_detectable, per_arm, per_arm_for_margin, sources, total } = power;
  const lines = [
    ...(per_arm === null || total === null ? [] : [`${per_arm} subjects per arm, ${total} in all`]),
    ...(days === null
      ? []
      : [`${days} ${days === 1 ? "day" : "days"} at ${power.subjects_per_day?.toFixed(0) ?? "?"} subjects a day`]),
    ...(minimum_detectable === null
      ? []
      : [`${percent(minimum_detectable)} is the smallest change that the duration finds`]),
    ...(per_arm_for_margin === null ? [] : [`${per_arm_for_margin} subjects per arm rule the margin out`]),
  ];
  const known = `mean ${baseline.mean.toPrecision(5)}, deviation ${baseline.sd.toPrecision(5)}`;
  return [
    ...lines.map((line) => paint("strong", line)),
    paint("quiet", `From ${known}.`),
    ...sources.map((line) => paint("quiet", line)),
  ].join("\n");
}
