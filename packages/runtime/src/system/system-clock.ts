import { MICROS_PER_MILLI, type Clock } from "@lotty/domain";

/** The machine's clock, in steps of a millisecond. */
export const systemClock: Clock = { now: () => Date.now() * MICROS_PER_MILLI };
