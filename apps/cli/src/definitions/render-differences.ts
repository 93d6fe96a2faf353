import type { DifferenceResponse } from "@lotty/contracts/definitions";
import type { Paint } from "../terminal/paint.ts";
import { visibleText } from "../terminal/visible-text.ts";

/** Differences as lines for people, with a sign each: `+` added, `~` changed, `-` removed, `=` kept. */
export function renderDifferences(differences: readonly DifferenceResponse[], paint: Paint): string {
  if (differences.every(({ action }) => action === "kept")) {
    return ["Nothing to change.", ...differences.map((difference) => renderDifference(difference, paint))].join("\n");
  }
  return differences.map((difference) => renderDifference(difference, paint)).join("\n");
}

/** How many things differ, in words. */
export function countDifferences(differences: readonly DifferenceResponse[]): string {
  const count = differences.filter(({ action }) => action !== "kept").length;
  return count === 1 ? "1 difference" : `${count} differences`;
}

function renderDifference(difference: DifferenceResponse, paint: Paint): string {
  const name = `${difference.kind.replace("_", " ")} ${visibleText(difference.key)}`;
  switch (difference.action) {
    case "added":
      return paint("good", `+ ${name}`);
    case "removed":
      return paint("bad", `- ${name}`);
    case "kept":
      return paint("quiet", `= ${name} (kept, not in the file)`);
    case "changed":
      return [paint("doubtful", `~ ${name}`), ...(difference.fields ?? []).map(renderField)].join("\n");
  }
}

function renderField({ field, from, to }: NonNullable<DifferenceResponse["fields"]>[number]): string {
  const [before, after] = [from, to].map((value) => (value === undefined ? "(none)" : JSON.stringify(value)));
  return `    ${visibleText(`${field}: ${before ?? ""} -> ${after ?? ""}`)}`;
}
