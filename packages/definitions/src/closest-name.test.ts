import { describe, expect, it } from "vitest";
import { closestName } from "./closest-name.ts";

describe("closestName", () => {
  it.each([
    ["trafic", "traffic"],
    ["Traffic", "traffic"],
    ["tarffic", "traffic"],
    ["varaints", "variants"],
    ["stat", "status"],
  ])("takes %s for %s", (typed, meant) => {
    expect(closestName(typed, ["key", "flag", "status", "traffic", "variants"])).toBe(meant);
  });

  it.each(["owner", "k", "", "description"])("takes %j for nothing", (typed) => {
    expect(closestName(typed, ["key", "flag", "status", "traffic", "variants"])).toBeUndefined();
  });
});
