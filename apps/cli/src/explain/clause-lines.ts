import type { ClauseResponse } from "@lotty/contracts";

const CLAUSE_MARKS: Readonly<Record<ClauseResponse["result"], string>> = {
  true: "✓",
  false: "✗",
  error: "!",
  skipped: "·",
};

/** How a clause came out, in a line; below it the clauses of the segment that it asks for. */
export function clauseLines(clause: ClauseResponse): readonly string[] {
  const inside = (clause.inside ?? []).flatMap(clauseLines).map((line) => `  ${line}`);
  return [`${CLAUSE_MARKS[clause.result]} ${clause.text}   (${said(clause)})`, ...inside];
}

function said(clause: ClauseResponse): string {
  if (clause.result === "skipped") return "settled before";
  return clause.path.length === 0 ? segmentSaid(clause) : attributeSaid(clause);
}

function attributeSaid({ path, actual, result }: ClauseResponse): string {
  const name = path.join(".");
  const value = actual === undefined ? `${name} is not given` : `${name} is ${JSON.stringify(actual)}`;
  return result === "error" ? `${value}: cannot be compared` : value;
}

function segmentSaid({ operator, result }: ClauseResponse): string {
  if (result === "error") return "the segment is missing, or its rule cannot be used";
  const isInside = (result === "true") === (operator === "IN SEGMENT");
  return isInside ? "the subject is in it" : "the subject is not in it";
}
