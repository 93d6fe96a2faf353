import {
  compareCodePoints,
  MAX_SEGMENT_VALUES,
  MICROS_PER_DAY,
  momentColumns,
  type ArmMoments,
  type MetricMeter,
  type MomentColumn,
  type MomentsQuestion,
  type SubjectMeasure,
} from "@lotty/domain";
import type { SqlConnection } from "../sql/sql-pool.ts";
import { ArmAccumulator } from "./arm-accumulator.ts";
import { measureLive, type LiveSubject } from "./live-subjects.ts";
import { dayText, type ExposureSpan } from "./moments-plan.ts";
import { winsorize } from "./winsorize.ts";

/** Subjects that are measured at a time. */
const PAGE = 1_000;

/** One arm of the answer before it is summed up. */
interface Cell extends Pick<ArmMoments, "variantId" | "cohortDay" | "segment"> {
  readonly key: string;
}

/**
 * Moments straight from the events, for what is not folded; `null` when the segment that is asked for has too many values. Inside of a
 * transaction. Takes time in proportion to the events.
 */
export async function liveMoments(
  connection: SqlConnection,
  question: MomentsQuestion,
  { meter, span }: { readonly meter: MetricMeter; readonly span: ExposureSpan },
): Promise<readonly ArmMoments[] | null> {
  const { definition } = question.metric;
  const columns = momentColumns(definition);
  const cells = new Map<string, Cell>();
  const segments = new Set<string>();
  const keys: string[] = [];
  const rows: number[][] = [];
  const arms = new Map<string, ArmAccumulator>();
  const count = (key: string, row: readonly number[]): void => {
    const arm = arms.get(key) ?? new ArmAccumulator(columns.length);
    arms.set(key, arm);
    arm.add(row);
  };
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof measureLive>> = await measureLive(connection, question, {
      span,
      meter,
      after,
      limit: PAGE,
    });
    for (const { about, measure } of page.subjects) {
      if (measure.value === null) continue;
      const cell = cellOf(about, question.by);
      cells.set(cell.key, cell);
      if (cell.segment !== null) segments.add(cell.segment);
      const row = columns.map((column) => columnOf(measure, column));
      // Caps are those of all subjects, so nothing can be summed up before the last one.
      if (definition.winsorizing === null) count(cell.key, row);
      else {
        keys.push(cell.key);
        rows.push(row);
      }
    }
    if (segments.size > MAX_SEGMENT_VALUES) return null;
    after = page.next;
  } while (after !== null);
  if (definition.winsorizing !== null) {
    for (const [index, row] of winsorize(rows, definition.winsorizing).entries()) count(keys[index] ?? "", row);
  }
  return [...cells.values()]
    .toSorted((a, b) => compareCodePoints(a.key, b.key))
    .flatMap(({ key, ...cell }) => {
      const arm = arms.get(key);
      return arm === undefined ? [] : [{ ...cell, columns, ...arm.moments() }];
    });
}

function cellOf({ exposedAt, segment, variantId }: LiveSubject, by: MomentsQuestion["by"]): Cell {
  const cohortDay = by === "cohort_day" ? dayText(Math.floor(exposedAt / MICROS_PER_DAY)) : null;
  const named = typeof by === "object" ? segment : null;
  return { variantId, cohortDay, segment: named, key: JSON.stringify([variantId, cohortDay, named]) };
}

function columnOf(measure: SubjectMeasure, column: MomentColumn): number {
  switch (column) {
    case "value":
      return measure.value ?? 0;
    case "denominator":
      return measure.denominator;
    case "covariate":
      return measure.covariate ?? 0;
    case "covariate_denominator":
      return measure.covariateDenominator ?? 0;
  }
}
