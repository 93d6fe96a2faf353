import type { ArmMoments } from "./arm-moments.ts";
import type { Instant } from "./instant.ts";

/** Most values of a segment that moments are split by: a segment is a subject's country or device, not its id. */
export const MAX_SEGMENT_VALUES = 1_000;

/** Most arms by segment that are asked of a database; of fifty variants with so many values each. */
export const MAX_SEGMENT_ARMS: number = 50 * MAX_SEGMENT_VALUES;

/** Moments with the moment that they are of. */
export interface MomentsAnswer {
  readonly arms: readonly ArmMoments[];
  /** The segment that was asked for has more than {@link MAX_SEGMENT_VALUES} values: there are no arms then. */
  readonly tooManyValues?: true;
  /** Events received before this instant are in; `null` when nothing was folded in yet. */
  readonly watermark: Instant | null;
}

/** An answer with these arms, unless they have too many values of a segment. */
export function momentsAnswer(arms: readonly ArmMoments[], watermark: Instant | null): MomentsAnswer {
  const values = new Set(arms.flatMap(({ segment }) => (segment === null ? [] : [segment])));
  const tooMany = values.size > MAX_SEGMENT_VALUES || (values.size > 0 && arms.length >= MAX_SEGMENT_ARMS);
  return tooMany ? { arms: [], tooManyValues: true, watermark } : { arms, watermark };
}
