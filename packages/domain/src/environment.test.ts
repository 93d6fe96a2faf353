import { describe, expect, it } from "vitest";
import { DEFAULT_ENVIRONMENT_KEY, environmentKeyFault } from "./environment.ts";

describe("environmentKeyFault", () => {
  it.each([DEFAULT_ENVIRONMENT_KEY, "staging", "eu-west-1", "a", "0", "a".repeat(64)])(
    "has nothing against %s",
    (key) => {
      expect(environmentKeyFault(key)).toBeUndefined();
    },
  );

  it.each(["", " ", "Staging", "-a", "a-", "a_b", "a b", "a/b", "a\n", "ä", "a".repeat(65)])("refuses %j", (key) => {
    expect(environmentKeyFault(key)).toContain("lower-case letters");
  });
});
