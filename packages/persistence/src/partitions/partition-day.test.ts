import { MICROS_PER_DAY } from "@lotty/domain";
import { SequentialIds } from "@lotty/testkit/fakes/sequential-ids";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PARTITION_TABLE, partitionDay } from "./partition-day.ts";

describe("the day of a partition", () => {
  const instants = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - MICROS_PER_DAY });

  it("is named by its date in UTC", () => {
    expect(partitionDay(Date.UTC(2026, 0, 31, 23, 59, 59, 999) * 1_000 + 999).table).toBe("decisions_d20260131");
    expect(partitionDay(Date.UTC(2026, 1, 1) * 1_000).table).toBe("decisions_d20260201");
  });

  it("holds the ids of all its instants and of no other", () => {
    const ids = new SequentialIds();
    fc.assert(
      fc.property(instants, instants, (instant, other) => {
        const { table, from, to } = partitionDay(instant);
        expect(table).toMatch(PARTITION_TABLE);
        const id = ids.next(other);
        const isSameDay = Math.floor(instant / MICROS_PER_DAY) === Math.floor(other / MICROS_PER_DAY);
        expect(from <= id && id < to).toBe(isSameDay);
        const own = ids.next(instant);
        expect(from <= own && own < to).toBe(true);
      }),
    );
  });

  it("ends where the next begins", () => {
    fc.assert(
      fc.property(instants, (instant) => {
        expect(partitionDay(instant).to).toBe(partitionDay(instant + MICROS_PER_DAY).from);
      }),
    );
  });
});
