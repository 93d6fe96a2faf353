import { describe, expect, test } from "vitest";
import type { RequestEvent } from "../client/timeline.ts";
import { recoverySeconds } from "./recovery.ts";

/** A request every 10 ms from 0 to `until`, failed where `fails` says so. */
function requests(until: number, fails: (at: number) => boolean): readonly RequestEvent[] {
  return Array.from({ length: until / 10 }, (_, index) => {
    const endedAt = (index + 1) * 10;
    return { startedAt: endedAt - 5, endedAt, kind: fails(endedAt) ? "503" : "ok", words: [] };
  });
}

describe("the recovery", () => {
  test("takes no time when nothing fails", () => {
    expect(
      recoverySeconds(
        requests(5_000, () => false),
        { respites: [{ from: 1_000 }], windowMillis: 2_000 },
      ),
    ).toBe(0);
  });

  test("lasts until the last failure before a good window", () => {
    const events = requests(6_000, (at) => at > 500 && at <= 1_700);
    expect(recoverySeconds(events, { respites: [{ from: 1_000 }], windowMillis: 2_000 })).toBe(0.7);
  });

  test("forgives one failure in a thousand", () => {
    const events = requests(30_000, (at) => at === 3_000);
    expect(recoverySeconds(events, { respites: [{ from: 1_000 }], windowMillis: 20_000 })).toBe(0);
    expect(recoverySeconds(events, { respites: [{ from: 1_000 }], windowMillis: 5_000 })).toBe(2);
  });

  test("is not there while there was no good window", () => {
    const events = requests(5_000, (at) => at === 4_000);
    expect(recoverySeconds(events, { respites: [{ from: 1_000 }], windowMillis: 3_000 })).toBeNull();
  });

  test("is not there when nobody asked", () => {
    const events = requests(500, () => false);
    expect(recoverySeconds(events, { respites: [{ from: 1_000 }], windowMillis: 3_000 })).toBeNull();
  });

  test("is the longest of several, and what failed while it was broken again does not count", () => {
    const events = requests(9_000, (at) => (at >= 1_000 && at <= 1_300) || (at >= 2_500 && at < 3_000) || at === 3_100);
    const respites = [{ from: 1_000, to: 2_500 }, { from: 3_000 }];
    expect(recoverySeconds(events, { respites, windowMillis: 2_000 })).toBe(0.3);
  });
});
