import { describe, expect, it } from "vitest";
import { localIds } from "./local-ports.ts";

describe("localIds", () => {
  it("makes different UUIDv7s whose time part is the given one", () => {
    const now = 1_772_366_400_123_456;
    const ids = Array.from({ length: 1_000 }, () => localIds.next(now));
    const time = Math.floor(now / 1_000)
      .toString(16)
      .padStart(12, "0");
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids.every((id) => id.replaceAll("-", "").startsWith(time))).toBe(true);
    expect(new Set(ids).size).toBe(1_000);
  });
});
