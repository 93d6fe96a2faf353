import { parseInstant } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import { parseSince } from "./time-span.ts";

const now = Date.UTC(2026, 5, 15, 12) * 1_000;

describe("parseSince", () => {
  it.each([
    ["90m", "2026-06-15T10:30:00Z"],
    ["24h", "2026-06-14T12:00:00Z"],
    ["7d", "2026-06-08T12:00:00Z"],
    ["2w", "2026-06-01T12:00:00Z"],
    ["2026-06-01", "2026-06-01T00:00:00Z"],
    ["2026-06-01T08:00:00+02:00", "2026-06-01T06:00:00Z"],
  ])("reads %s as %s", (text, expected) => {
    expect(parseSince(text, now)).toBe(parseInstant(expected));
  });

  it.each(["", "7", "d", "-7d", "0d", "7 d", "1y", "yesterday", "2026-02-30", "2026-06-15T12:00:00Z", "999999w"])(
    "refuses %j",
    (text) => {
      expect(parseSince(text, now)).toBeUndefined();
    },
  );
});
