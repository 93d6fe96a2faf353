import { type AnalysisPlan, type Instant, MICROS_PER_DAY } from "@lotty/domain";

/** How a plan goes on. */
export interface Progress {
  /** When the experiment started; `null` before. */
  readonly startedAt: Instant | null;
  readonly now: Instant;
  /** Subjects of all variants so far. */
  readonly subjects: number;
  readonly ended: boolean;
}

/**
 * Whole days until the plan is over, at the pace so far: its duration, or its subjects if they are complete before. `null` when it has no end,
 * or is over.
 */
export function daysLeft(
  { durationDays, looking, plannedSubjects }: AnalysisPlan,
  { ended, now, startedAt, subjects }: Progress,
): number | null {
  if (looking === "always_valid" || ended) return null;
  if (startedAt === null) return durationDays;
  const passed = Math.max(0, now - startedAt) / MICROS_PER_DAY;
  const byDuration = Math.max(0, durationDays - passed);
  const pace = passed > 0 ? subjects / passed : 0;
  const bySubjects = plannedSubjects === null || pace === 0 ? Infinity : (plannedSubjects - subjects) / pace;
  return Math.max(0, Math.ceil(Math.min(byDuration, bySubjects)));
}
