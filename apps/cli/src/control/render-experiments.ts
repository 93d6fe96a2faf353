import type {
  ExperimentContentResponse,
  ExperimentResponse,
  ExperimentSummaryResponse,
  FindingResponse,
  LandingResponse,
  PreviewResponse,
  ReviewsResponse,
  ReviewStateResponse,
} from "@lotty/contracts";
import type { Paint } from "../terminal/paint.ts";
import { renderFields } from "../terminal/render-fields.ts";
import { renderTable } from "../terminal/render-table.ts";
import { visibleText } from "../terminal/visible-text.ts";
import { renderCertificate } from "./render-certificate.ts";

/** Experiments as a table. `flags` has the keys of flags by id. */
export function renderExperiments(
  experiments: readonly ExperimentSummaryResponse[],
  flags: ReadonlyMap<string, string>,
  paint: Paint,
): string {
  const rows = experiments.map((experiment) => [
    experiment.key,
    flags.get(experiment.flag_id) ?? experiment.flag_id,
    experiment.status,
    `${experiment.traffic_allocation} %`,
    experiment.variants.map(({ name, weight }) => `${name}:${weight}`).join(" "),
    String(experiment.version),
  ]);
  return renderTable(["KEY", "FLAG", "STATUS", "TRAFFIC", "VARIANTS", "VERSION"], rows, paint);
}

/** An experiment with everything that is known of it, and what may be done with it. */
export function renderExperiment(experiment: ExperimentResponse, flag: string, paint: Paint): string {
  const { outcome, proposal } = experiment;
  const head = `${paint("strong", visibleText(experiment.key))} on ${visibleText(flag)}: ${experiment.status}, version ${experiment.version}`;
  const fields = renderFields(
    [
      ["hypothesis", experiment.hypothesis],
      ["owner", experiment.owner],
      ["planned", experiment.planned_days === null ? null : `${experiment.planned_days} days`],
      ["description", experiment.description],
      ...contentFields(experiment),
      ["started", experiment.started_at],
      ["completed", experiment.completed_at],
      ["outcome", outcome && outcomeText(outcome, experiment)],
      ["allowed", experiment.allowed.join(", ") || "nothing"],
      ["id", experiment.id],
    ],
    paint,
  );
  const proposed =
    proposal && `\n${paint("doubtful", "Proposed, not in force:")}\n${renderFields(contentFields(proposal), paint)}`;
  const warnings = experiment.warnings.length > 0 ? `\n${renderFindings(experiment.warnings, paint)}` : "";
  return `${head}\n${fields}${proposed ?? ""}${warnings}`;
}

function contentFields(content: ExperimentContentResponse): readonly (readonly [string, string | null])[] {
  return [
    ["targeting", content.rule],
    ["traffic", `${content.traffic_allocation} %`],
    ["variants", content.variants.map(variantText).join("\n") || "none"],
    ["sticky", content.sticky_assignment ? "yes" : "no"],
  ];
}

function variantText({
  is_control: isControl,
  name,
  value,
  weight,
}: ExperimentContentResponse["variants"][number]): string {
  return `${name}${isControl ? " (control)" : ""}: ${JSON.stringify(value)}, weight ${weight}`;
}

function outcomeText(
  { comment, outcome, variant_id: id }: NonNullable<ExperimentResponse["outcome"]>,
  { variants }: ExperimentResponse,
): string {
  const winner = variants.find((variant) => variant.id === id);
  return `${outcome}${winner === undefined ? "" : ` (${winner.name})`}: ${comment}`;
}

/** What speaks against an experiment, one finding a line. */
export function renderFindings(findings: readonly FindingResponse[], paint: Paint): string {
  return findings
    .map(({ code, field, message, severity }) => {
      const sign = severity === "blocks" ? paint("bad", "blocks") : paint("doubtful", "warns ");
      return `  ${sign}  ${visibleText(`${field}: ${message}`)} [${code}]`;
    })
    .join("\n");
}

/** Who would move if an experiment were edited. */
export function renderPreview({ cells, moved, subjects }: PreviewResponse, paint: Paint): string {
  const rows = cells.map((cell) => [
    landingText(cell.from),
    landingText(cell.to),
    String(cell.subjects),
    cell.moves ? "moves" : "stays",
    cell.samples.join(" "),
  ]);
  const table = rows.length === 0 ? "" : `${renderTable(["FROM", "TO", "SUBJECTS", "", "SUCH AS"], rows, paint)}\n`;
  if (subjects === 0) return "No subject was recorded with attributes lately, so nobody can tell who would move.";
  return `${table}${moved} of ${subjects} recorded subjects would move.`;
}

function landingText({ reason, value, variant_name: variant }: LandingResponse): string {
  return `${variant ?? reason} ${JSON.stringify(value)}`;
}

/** Where a review stands. */
export function renderReviewState({ needs, satisfied }: ReviewStateResponse, paint: Paint): string {
  const lines = needs.map(({ approvals, group, may_approve: may, minimum, missing }) => {
    const who = group === null ? "those who may review" : `the group ${group.name}`;
    const ids = may === null || missing === 0 ? "" : `; may approve: ${may.join(", ") || "nobody"}`;
    return `  ${visibleText(`${approvals} of ${minimum} approvals of ${who}${ids}`)}`;
  });
  const verdict = satisfied ? paint("good", "Nothing is missing.") : paint("doubtful", "Approvals are missing.");
  return [verdict, ...lines].join("\n");
}

/** What was said about an experiment, where that leaves it, and whether its randomization can be trusted. */
export function renderReviews({ certificate, reviews, state }: ReviewsResponse, paint: Paint): string {
  const rows = reviews.map((review) => [
    review.at,
    review.reviewer_name,
    review.verdict.replaceAll("_", " "),
    String(review.version),
    review.withdrawn_at === null ? "counts" : `withdrawn ${review.withdrawn_at}`,
    review.comment ?? "-",
  ]);
  const table =
    rows.length === 0 ? "" : `${renderTable(["AT", "BY", "VERDICT", "VERSION", "STATE", "COMMENT"], rows, paint)}\n`;
  const trust =
    certificate === null
      ? paint("doubtful", "There is no launch certificate yet.")
      : renderCertificate(certificate, paint);
  return `${table}${renderReviewState(state, paint)}\n\n${trust}`;
}
