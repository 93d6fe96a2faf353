import { MICROS_PER_DAY } from "@lotty/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeTime } from "./event-times.ts";

const RECEIVED = Date.UTC(2026, 5, 1) * 1_000;
const SETTINGS = { maxAheadSeconds: 300, maxAgeDays: 30 };
const SECOND = 1_000_000;

describe("the time of an event", () => {
  it("is what the sender says, as long as it is past", () => {
    expect(judgeTime(RECEIVED - SECOND, RECEIVED, SETTINGS)).toStrictEqual({
      status: "fine",
      occurredAt: RECEIVED - SECOND,
    });
  });

  it("is that of the arrival when the sender's clock is a little ahead", () => {
    const ahead = judgeTime(RECEIVED + 300 * SECOND, RECEIVED, SETTINGS);
    expect(ahead).toStrictEqual({ status: "fine", occurredAt: RECEIVED });
  });

  it("is not believed when it is far ahead, or longer ago than events are taken", () => {
    expect(judgeTime(RECEIVED + 300 * SECOND + 1, RECEIVED, SETTINGS)).toMatchObject({ code: "in_future" });
    expect(judgeTime(RECEIVED - 30 * MICROS_PER_DAY, RECEIVED, SETTINGS)).toMatchObject({ status: "fine" });
    expect(judgeTime(RECEIVED - 30 * MICROS_PER_DAY - 1, RECEIVED, SETTINGS)).toMatchObject({ code: "too_late" });
  });

  it("is never after the arrival", () => {
    fc.assert(
      fc.property(fc.integer({ min: -40 * 86_400, max: 1_000 }), (seconds) => {
        const judged = judgeTime(RECEIVED + seconds * SECOND, RECEIVED, SETTINGS);
        return judged.status === "rejected" || judged.occurredAt <= RECEIVED;
      }),
    );
  });
});
