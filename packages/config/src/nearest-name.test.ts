import { describe, expect, it } from "vitest";
import { nearestName } from "./nearest-name.ts";

const NAMES = ["DATABASE_URL", "REDIS_URL", "PORT"];

describe("nearestName", () => {
  it.each([
    ["DATABASE_URI", "DATABASE_URL"],
    ["DATABASE_RUL", "DATABASE_URL"],
    ["database_url", "DATABASE_URL"],
    ["RDIS_ULR", "REDIS_URL"],
    ["PROT", "PORT"],
  ])("takes %s for %s", (typed, meant) => {
    expect(nearestName(typed, NAMES)).toBe(meant);
  });

  it.each(["", "HOST", "KAFKA_URL", "DATABASE", "X"])("takes %j for nothing", (typed) => {
    expect(nearestName(typed, ["DATABASE_URL", "PORT"])).toBeUndefined();
  });

  it("prefers the nearer of two", () => {
    expect(nearestName("REDIS_UR", ["REDIS_URI_X", "REDIS_URL"])).toBe("REDIS_URL");
  });
});
