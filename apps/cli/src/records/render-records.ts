import { type DecisionRecord, formatInstant } from "@lotty/domain";
import type { Paint } from "../terminal/paint.ts";
import { visibleText } from "../terminal/visible-text.ts";

const HEADINGS = ["DECISION", "DECIDED", "FLAG", "SUBJECT", "REASON", "VALUE"] as const;

/** Longest text of a cell, in characters; `--json` has the whole. */
const LONGEST_CELL = 36;

/** Recorded decisions as a table, one line each whatever they hold. */
export function renderRecords(decisions: readonly DecisionRecord[], paint: Paint): string {
  const rows = decisions.map((decision) => [
    decision.decisionId,
    formatInstant(decision.decidedAt),
    cell(decision.flagKey),
    cell(decision.subjectId),
    decision.reason,
    cell(decision.value),
  ]);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [paint("quiet", line(HEADINGS)), ...rows.map(line)].join("\n");
}

/** One recorded decision, with everything that is known of it. */
export function renderRecord(decision: DecisionRecord): string {
  const fields: readonly (readonly [string, string | number | null])[] = [
    ["decision", decision.decisionId],
    ["decided", formatInstant(decision.decidedAt)],
    ["flag", versioned(visibleText(decision.flagKey), decision.flagVersion)],
    ["subject", visibleText(decision.subjectId)],
    ["reason", decision.reason],
    ["value", visibleText(decision.value)],
    ["experiment", decision.experimentId && versioned(decision.experimentId, decision.experimentVersion)],
    ["variant", decision.variantId],
    ["rule", decision.ruleId],
    ["attributes", decision.attributesDigest && `sha256 ${decision.attributesDigest}`],
  ];
  return fields.map(([name, value]) => `${name.padEnd(12)}${value ?? "-"}`).join("\n");
}

function versioned(name: string, version: number | null): string {
  return version === null ? name : `${name}, version ${version}`;
}

/** On one line, with nothing that steers the terminal, and cut where it is too long. */
function cell(text: string): string {
  const line = visibleText(text).replace(/\s+/g, " ").trim();
  if (line === "") return "-";
  const characters = Array.from(line);
  return characters.length > LONGEST_CELL ? `${characters.slice(0, LONGEST_CELL - 1).join("")}…` : line;
}
