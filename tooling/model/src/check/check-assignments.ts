import type { AssignmentRow, Finding } from "./evidence.ts";
import type { Place } from "./subject-ledger.ts";

/** The table keeps microseconds, the answers' times come as milliseconds. */
const ROUNDING_MILLIS = 1;

/** Whether the table of assignments says what follows from the table of decisions: for each place, when first, when last, and which variant. */
export function checkAssignments(places: readonly Place[], rows: readonly AssignmentRow[]): readonly Finding[] {
  const byKey = new Map(rows.map((row) => [`${row.subject} ${row.experimentId}`, row]));
  return places.flatMap((place): readonly Finding[] => {
    const { experimentId, settled, subject } = place;
    const row = byKey.get(`${subject} ${experimentId}`);
    if (settled === null) return [];
    const fits =
      row !== undefined &&
      settled.variants.includes(row.variantId) &&
      Math.abs(row.firstAt - settled.firstAt) <= ROUNDING_MILLIS &&
      Math.abs(row.lastAt - settled.lastAt) <= ROUNDING_MILLIS;
    if (fits) return [];
    const lines = [
      `${subject} in ${experimentId}: decisions give ${JSON.stringify(settled)}`,
      `the table has ${JSON.stringify(row ?? null)}`,
    ];
    return [{ kind: "wrong assignment", at: settled.lastAt, lines }];
  });
}
