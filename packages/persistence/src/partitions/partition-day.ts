import { MICROS_PER_DAY, MICROS_PER_MILLI, type Instant } from "@lotty/domain";

/** One day (UTC) of the decision log. */
export interface PartitionDay {
  /** Name of the day's table, `decisions_d20260131`. */
  readonly table: string;
  /** Smallest decision id of the day. */
  readonly from: string;
  /** Smallest decision id of the next day. */
  readonly to: string;
}

/** Tables that {@link partitionDay} names. */
export const PARTITION_TABLE: RegExp = /^decisions_d\d{8}$/;

/** The day that an instant falls into. */
export function partitionDay(instant: Instant): PartitionDay {
  const start = Math.floor(instant / MICROS_PER_DAY) * MICROS_PER_DAY;
  const date = new Date(start / MICROS_PER_MILLI).toISOString().slice(0, 10).replaceAll("-", "");
  return { table: `decisions_d${date}`, from: smallestId(start), to: smallestId(start + MICROS_PER_DAY) };
}

/**
 * The smallest id of a decision taken in the millisecond of an instant or later: the first 48 bits of a UUIDv7 are its time in
 * milliseconds; everything behind them is left at zero.
 */
export function smallestId(instant: Instant): string {
  const hex = Math.floor(instant / MICROS_PER_MILLI)
    .toString(16)
    .padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
