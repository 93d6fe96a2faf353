import type { FiringRateResponse, RehearsalResponse } from "@lotty/contracts";
import type { Paint } from "../terminal/paint.ts";
import { renderTable } from "../terminal/render-table.ts";

/** How a guardrail would behave, for a person: how often it fires when it should and when it should not, and how soon. */
export function renderRehearsal(found: RehearsalResponse, harm: number, paint: Paint): string {
  const { at_margin, naive, no_effect, true_harm } = found;
  const from = found.source === "recorded" ? `${found.recorded_subjects} recorded subjects` : "what was assumed";
  const cases: readonly (readonly [string, FiringRateResponse])[] = [
    ["no effect (false alarms)", no_effect],
    ["as harmful as the margin", at_margin],
    [`${percent(harm)} worse`, true_harm],
    ["no effect, a one-look test instead", naive],
  ];
  return [
    `${found.runs} runs of ${found.days} days, seed ${found.seed}, from ${from}: mean ${figure(found.mean)}, variance ${figure(found.variance)}`,
    renderTable(
      ["WHEN THE TREATMENT HAS", "FIRES", "HOURS (P90)", "SUBJECTS (P90)"],
      cases.map(([name, rate]) => [
        name,
        rate.share === 0 ? `never in ${found.runs}` : `${percent(rate.share)} ± ${percent(1.96 * rate.se)}`,
        pair(rate.median_hours, rate.p90_hours),
        pair(rate.median_subjects, rate.p90_subjects),
      ]),
      paint,
    ),
  ].join("\n");
}

function pair(median: number | null, p90: number | null): string {
  return median === null || p90 === null ? "-" : `${figure(median)} (${figure(p90)})`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

function figure(value: number): string {
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
}
