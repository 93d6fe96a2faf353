import { MICROS_PER_DAY, type Instant, type MomentsQuestion } from "@lotty/domain";

/** First exposures from an instant on, and before another one. */
export interface ExposureSpan {
  readonly from: Instant;
  readonly to: Instant;
}

/** How days are read: whole ones from their sums, and those that are cut from their subjects. */
export interface MomentsPlan {
  readonly span: ExposureSpan;
  /** First day of those that are wholly in the span, and the one after the last; as days since 1970. */
  readonly firstWhole: number;
  readonly afterWhole: number;
  /** Days that the span begins or ends in; as days since 1970. */
  readonly cut: readonly number[];
}

/** Instants are safe integers between the years 1684 and 2255. */
const FIRST_INSTANT = -9_000_000_000_000_000;
const LAST_INSTANT = 9_000_000_000_000_000;

/**
 * Which first exposures a question is about: those in its span, and, if only complete windows count, those whose window is over at the
 * watermark.
 */
export function exposureSpan(question: MomentsQuestion, watermark: Instant | null, windowMicros: number): ExposureSpan {
  const from = question.from ?? FIRST_INSTANT;
  const to = question.to ?? LAST_INSTANT;
  if (!question.completeOnly) return { from, to };
  // A window that ends at the watermark is over: it does not hold its end.
  const complete = watermark === null ? FIRST_INSTANT : watermark - windowMicros + 1;
  return { from, to: Math.max(from, Math.min(to, complete)) };
}

/** Plans how to read the days of a span. */
export function planDays(span: ExposureSpan): MomentsPlan {
  const firstWhole = Math.ceil(span.from / MICROS_PER_DAY);
  const afterWhole = Math.max(firstWhole, Math.floor(span.to / MICROS_PER_DAY));
  const ends = [Math.floor(span.from / MICROS_PER_DAY), Math.floor((span.to - 1) / MICROS_PER_DAY)];
  const cut = [...new Set(ends)].filter((day) => day < firstWhole || day >= afterWhole);
  return { span, firstWhole, afterWhole, cut: span.from < span.to ? cut : [] };
}

/** A day since 1970 as it is written. */
export function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
