import type { LearningResponse, LearningSummaryResponse } from "@lotty/contracts/learnings";
import type { Paint } from "../terminal/paint.ts";
import { renderFields } from "../terminal/render-fields.ts";
import { renderTable } from "../terminal/render-table.ts";

/** Learnings as a table. */
export function renderLearnings(learnings: readonly LearningResponse[], paint: Paint): string {
  const rows = learnings.map((learning) => [
    learning.experiment_key,
    outcomeOf(learning),
    learning.completed_at.slice(0, 10),
    learning.tags.join(" ") || "-",
    learning.comment,
  ]);
  return renderTable(["EXPERIMENT", "OUTCOME", "COMPLETED", "TAGS", "COMMENT"], rows, paint);
}

/** A learning with all that is said about it. */
export function renderLearning(learning: LearningResponse, paint: Paint): string {
  const { comment, completed_at, effects, experiment_key, flag_key, hypothesis, id, notes, owner, tags } = learning;
  const fields = renderFields(
    [
      ["outcome", outcomeOf(learning)],
      ["comment", comment],
      ["hypothesis", hypothesis],
      ["owner", owner],
      ["notes", notes],
      ["tags", tags.length === 0 ? null : tags.join(" ")],
      ["started", learning.started_at],
      ["completed", completed_at],
      ["id", id],
    ],
    paint,
  );
  const head = `${paint("strong", experiment_key)} on ${flag_key}, version ${learning.version}\n${fields}`;
  if (effects.length === 0) return head;
  const rows = effects.map(({ high, is_primary, lift, low, metric_key, variant }) => [
    metric_key,
    is_primary ? "primary" : "",
    variant,
    percent(lift),
    `${low === null ? "…" : percent(low)} to ${high === null ? "…" : percent(high)}`,
  ]);
  return `${head}\n${renderTable(["METRIC", "ROLE", "VARIANT", "EFFECT", "INTERVAL"], rows, paint)}`;
}

/** What many learnings come to. */
export function renderSummary(
  { effects, learnings, months, outcomes, win_rate }: LearningSummaryResponse,
  paint: Paint,
): string {
  const { no_effect, rollback, rollout_winner } = outcomes;
  const rate = win_rate && `${share(win_rate.rate)} (${share(win_rate.low)} to ${share(win_rate.high)})`;
  const rows = months.map(({ learnings: count, mean_effect, month, wins }) => [
    month,
    String(count),
    String(wins),
    mean_effect === null ? "" : percent(mean_effect),
  ]);
  const facts = [
    [
      "experiments",
      `${learnings}: ${rollout_winner} rolled out, ${rollback} rolled back, ${no_effect} without an effect`,
    ],
    ["won", rate],
    ["mean effect", effects.mean === null ? null : percent(effects.mean)],
  ] as const;
  const table = renderTable(["MONTH", "EXPERIMENTS", "WINS", "MEAN EFFECT"], rows, paint);
  return rows.length === 0 ? renderFields(facts, paint) : `${renderFields(facts, paint)}\n${table}`;
}

function outcomeOf({ outcome, winner }: LearningResponse): string {
  return winner === null ? outcome : `${outcome} (${winner})`;
}

function percent(effect: number): string {
  return `${effect > 0 ? "+" : ""}${(effect * 100).toFixed(2)} %`;
}

function share(rate: number): string {
  return `${(rate * 100).toFixed(1)} %`;
}
