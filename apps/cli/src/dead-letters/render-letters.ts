import { type DeadLetter, formatInstant } from "@lotty/domain";
import type { Paint } from "../terminal/paint.ts";
import { visibleText } from "../terminal/visible-text.ts";

const HEADINGS = ["ID", "SET ASIDE", "TRIES", "DECISION", "FLAG", "SUBJECT", "REASON"] as const;

/** Longest text of a cell, in characters; `--json` has the whole. */
const LONGEST_CELL = 36;
const LONGEST_REASON = 100;

/** Dead letters as a table, one line each whatever they hold. What cannot be read is a dash. */
export function renderLetters(letters: readonly DeadLetter[], paint: Paint): string {
  const rows = letters.map(cells);
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

/** A dead letter for programs, in the names of the API. */
export function presentLetter(letter: DeadLetter): Readonly<Record<string, unknown>> {
  const { decision } = letter;
  return {
    id: letter.id,
    shard: letter.shard,
    set_aside_at: formatInstant(letter.setAsideAt),
    tries: letter.deliveries,
    reason: letter.reason,
    ...("malformed" in decision
      ? { decision_id: null, flag: null, subject_id: null, experiment_id: null, malformed: decision.malformed }
      : {
          decision_id: decision.decisionId,
          flag: decision.flagKey,
          subject_id: decision.subjectId,
          experiment_id: decision.experimentId,
          malformed: null,
        }),
    payload: letter.payload,
  };
}

function cells({ id, setAsideAt, deliveries, reason, decision }: DeadLetter): readonly string[] {
  const [decisionId, flagKey, subjectId] =
    "malformed" in decision ? ["-", "-", "-"] : [decision.decisionId, decision.flagKey, decision.subjectId];
  return [
    id,
    formatInstant(setAsideAt),
    String(deliveries),
    cell(decisionId, LONGEST_CELL),
    cell(flagKey, LONGEST_CELL),
    cell(subjectId, LONGEST_CELL),
    cell(reason, LONGEST_REASON),
  ];
}

/** On one line, with nothing that steers the terminal, and cut where it is too long. */
function cell(text: string, longest: number): string {
  const line = visibleText(text).replace(/\s+/g, " ").trim();
  if (line === "") return "-";
  const characters = Array.from(line);
  return characters.length > longest ? `${characters.slice(0, longest - 1).join("")}…` : line;
}
