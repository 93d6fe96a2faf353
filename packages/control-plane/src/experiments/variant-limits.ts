import type { Hundredths } from "@lotty/domain";

/** Most variants of one experiment. */
export const MAX_VARIANTS = 100;

/** Largest weight: with {@link MAX_VARIANTS}, the total times 10,000 stays a safe integer, as bucketing needs it. */
export const MAX_WEIGHT: Hundredths = 100_000_000;
