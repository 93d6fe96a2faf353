import type { AnalysisPlan } from "@lotty/domain";

/** The subjects up to the end of a day of exposure. */
export interface CumulativeDay {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Subjects of all arms. */
  readonly total: number;
  /** Subjects of the smallest arm. */
  readonly smallest: number;
}

/** A day at whose end the plan allows a look. */
export interface PlannedLook<Day extends CumulativeDay> {
  readonly of: Day;
  /** Share of the planned information, above 0 and up to 1; `null` for plans without an end. */
  readonly fraction: number | null;
  /** Whether the plan ends with it. */
  readonly last: boolean;
}

/** Least growth of information between looks: more of them only cost. A day with less joins the next one. */
const LEAST_STEP = 1 / 60;

/** Which days a plan looks at. */
export interface LookSchedule<Day extends CumulativeDay> {
  readonly looks: readonly PlannedLook<Day>[];
  /** Whether the plan is over: nothing that comes later counts. */
  readonly ended: boolean;
}

/**
 * Lays the looks of a plan over its days. A plan ends with the day on which its duration is over or its subjects are complete,
 * whichever comes first; at that look all that is left of the error is spent. Days with fewer subjects than the plan's minimum in an
 * arm are no looks.
 *
 * @param startDay the first day of the experiment, `YYYY-MM-DD`
 */
export function scheduleLooks<Day extends CumulativeDay>(
  plan: Pick<AnalysisPlan, "looking" | "durationDays" | "plannedSubjects" | "minimumSubjects">,
  days: readonly Day[],
  startDay: string,
): LookSchedule<Day> {
  const looks: PlannedLook<Day>[] = [];
  for (const day of days) {
    const last = plan.looking !== "always_valid" && isEnd(plan, day, startDay);
    const enough = day.smallest >= Math.max(2, plan.minimumSubjects);
    const fraction = plan.looking === "always_valid" ? null : last ? 1 : fractionOf(plan, day, startDay);
    const grown = (fraction ?? Infinity) - (looks.at(-1)?.fraction ?? 0) >= LEAST_STEP;
    // Between the day before and the end there is always room: 1 is reached by the end alone.
    if (enough && (last || (grown && (fraction ?? 0) <= 1 - LEAST_STEP))) looks.push({ of: day, fraction, last });
    if (last) return { looks, ended: true };
  }
  return { looks, ended: false };
}

/** Days from one day to another, 0 for the same. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / MILLIS_PER_DAY);
}

const MILLIS_PER_DAY = 86_400_000;

function isEnd(
  { durationDays, plannedSubjects }: Pick<AnalysisPlan, "durationDays" | "plannedSubjects">,
  { day, total }: CumulativeDay,
  startDay: string,
): boolean {
  return daysBetween(startDay, day) >= durationDays - 1 || (plannedSubjects !== null && total >= plannedSubjects);
}

function fractionOf(
  { durationDays, plannedSubjects }: Pick<AnalysisPlan, "durationDays" | "plannedSubjects">,
  { day, total }: CumulativeDay,
  startDay: string,
): number {
  return plannedSubjects === null ? (daysBetween(startDay, day) + 1) / durationDays : total / plannedSubjects;
}
