import type { RecordResponse } from "@lotty/contracts";
import type { Paint } from "../terminal/paint.ts";
import { visibleText } from "../terminal/visible-text.ts";

const HEADINGS = ["DECISION", "DECIDED", "FLAG", "SUBJECT", "REASON", "VALUE"] as const;

/** Longest text of a cell, in characters; `--json` has the whole. */
const LONGEST_CELL = 36;

/** Recorded decisions as a table, one line each whatever they hold. */
export function renderRecords(decisions: readonly RecordResponse[], paint: Paint): string {
  const rows = decisions.map((decision) => [
    decision.decision_id,
    decision.decided_at,
    cell(decision.flag),
    cell(decision.subject_id),
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
export function renderRecord(decision: RecordResponse): string {
  const fields: readonly (readonly [string, string | number | null])[] = [
    ["decision", decision.decision_id],
    ["decided", decision.decided_at],
    ["flag", versioned(visibleText(decision.flag), decision.flag_version)],
    ["subject", visibleText(decision.subject_id)],
    ["reason", decision.reason],
    ["value", visibleText(decision.value)],
    ["experiment", decision.experiment_id && versioned(decision.experiment_id, decision.experiment_version)],
    ["variant", decision.variant_id],
    ["rule", decision.rule_id],
    ["attributes", decision.attributes_digest && `sha256 ${decision.attributes_digest}`],
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
