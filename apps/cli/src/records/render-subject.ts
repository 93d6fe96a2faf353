import type { SubjectPage } from "@lotty/decisions";
import { formatInstant } from "@lotty/domain";
import type { Paint } from "../terminal/paint.ts";
import { visibleText } from "../terminal/visible-text.ts";
import { renderRecords } from "./render-records.ts";

type Assignment = SubjectPage["standing"]["assignments"][number];
type Blocking = SubjectPage["standing"]["participation"]["taken"][number];

/** A subject's page as text for people. */
export function renderSubject(page: SubjectPage, paint: Paint): string {
  const { assignments, cooldown, domains, participation } = page.standing;
  return [
    paint("strong", visibleText(page.subjectId)),
    ...page.erasures.map(
      ({ at, by, decisions }) =>
        `erased ${formatInstant(at)} by ${visibleText(by)}: ${decisions} decisions before that`,
    ),
    "",
    ...section("Takes part in", assignments.map(assignmentLine)),
    ...section(
      `Places taken: ${participation.taken.length} of ${participation.limit}`,
      participation.taken.map(({ experimentKey, status }) => `${visibleText(experimentKey)}, ${status}`),
    ),
    ...section(
      cooldown.freeAt === null ? "Cooldown: none" : `Cooldown until ${formatInstant(cooldown.freeAt)}`,
      cooldown.cooling.map(coolingLine),
    ),
    ...section(
      "Held in conflict domains",
      domains.map(({ domainKey, holder }) => `${visibleText(domainKey)}: by ${visibleText(holder.experimentKey)}`),
    ),
    page.lastDecisions.length === 0 ? "No decisions lately." : renderRecords(page.lastDecisions, paint),
  ].join("\n");
}

function assignmentLine({ experiment, experimentId, lastDecidedAt, variantId, variantName }: Assignment): string {
  const name = experiment === null ? `${experimentId} (unknown)` : visibleText(experiment.key);
  const variant = variantName === null ? `${variantId} (removed)` : visibleText(variantName);
  const status = experiment === null ? "" : `, ${experiment.status}`;
  return `${name}${status}: ${variant}, last decided ${formatInstant(lastDecidedAt)}`;
}

function coolingLine({ experimentKey, freeAt }: Blocking): string {
  return `${visibleText(experimentKey)}, until ${freeAt === undefined ? "?" : formatInstant(freeAt)}`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return [title, ...(lines.length === 0 ? ["  -"] : lines.map((line) => `  ${line}`)), ""];
}
