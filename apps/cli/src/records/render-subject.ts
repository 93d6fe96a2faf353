import type { SubjectResponse } from "@lotty/contracts";
import type { Paint } from "../terminal/paint.ts";
import { visibleText } from "../terminal/visible-text.ts";
import { renderRecords } from "./render-records.ts";

type Assignment = SubjectResponse["assignments"][number];
type Blocking = SubjectResponse["participation"]["taken"][number];

/** A subject's page as text for people. */
export function renderSubject(page: SubjectResponse, paint: Paint): string {
  const { assignments, cooldown, domains, participation } = page;
  return [
    paint("strong", visibleText(page.subject_id)),
    ...page.erasures.map(
      ({ decisions, erased_at: at, erased_by: by, events }) =>
        `erased ${at} by ${visibleText(by)}: ${decisions} decisions${events === null ? "" : ` and ${events} events`} before that`,
    ),
    "",
    ...section("Takes part in", assignments.map(assignmentLine)),
    ...section(
      `Places taken: ${participation.taken.length} of ${participation.limit}`,
      participation.taken.map(({ experiment_key: key, status }) => `${visibleText(key)}, ${status}`),
    ),
    ...section(
      cooldown.free_at === null ? "Cooldown: none" : `Cooldown until ${cooldown.free_at}`,
      cooldown.cooling.map(coolingLine),
    ),
    ...section(
      "Held in conflict domains",
      domains.map(({ domain_key: key, holder }) => `${visibleText(key)}: by ${visibleText(holder.experiment_key)}`),
    ),
    page.last_decisions.length === 0 ? "No decisions lately." : renderRecords(page.last_decisions, paint),
  ].join("\n");
}

function assignmentLine(assignment: Assignment): string {
  const { experiment_id: id, experiment_key: key, last_decided_at: at, status } = assignment;
  const { variant_id: variantId, variant_name: variantName } = assignment;
  const name = key === null ? `${id} (unknown)` : visibleText(key);
  const variant = variantName === null ? `${variantId} (removed)` : visibleText(variantName);
  return `${name}${status === null ? "" : `, ${status}`}: ${variant}, last decided ${at}`;
}

function coolingLine({ experiment_key: key, free_at: freeAt }: Blocking): string {
  return `${visibleText(key)}, until ${freeAt ?? "?"}`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return [title, ...(lines.length === 0 ? ["  -"] : lines.map((line) => `  ${line}`)), ""];
}
