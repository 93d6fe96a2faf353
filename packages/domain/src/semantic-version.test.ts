import { describe, expect, test } from "vitest";
import { compareSemanticVersions, parseSemanticVersion } from "./semantic-version.ts";

/** From the lowest to the highest precedence; the middle part is the example of semver.org, section 11. */
const ASCENDING = [
  "0.9.99",
  "1.0.0-0",
  "1.0.0-2",
  "1.0.0-11",
  "1.0.0-alpha",
  "1.0.0-alpha.1",
  "1.0.0-alpha.beta",
  "1.0.0-beta",
  "1.0.0-beta.2",
  "1.0.0-beta.11",
  "1.0.0-rc.1",
  "1.0.0",
  "1.2.0",
  "1.10.0",
  "2.0.0",
  "99999999999999999999999.0.0",
  "100000000000000000000000.0.0",
];

describe("semantic versions", () => {
  test("are ordered by precedence", () => {
    const versions = ASCENDING.map((text) => parseSemanticVersion(text));
    for (const [i, a] of versions.entries()) {
      for (const [j, b] of versions.entries()) {
        if (a === undefined || b === undefined) throw new Error("A version of the list does not parse.");
        expect(Math.sign(compareSemanticVersions(a, b))).toBe(Math.sign(i - j));
      }
    }
  });

  test("do not differ by build metadata", () => {
    const a = parseSemanticVersion("1.0.0+20130313144700");
    const b = parseSemanticVersion("1.0.0+exp.sha-5114f85");
    if (a === undefined || b === undefined) throw new Error("A version does not parse.");
    expect(compareSemanticVersions(a, b)).toBe(0);
  });

  test.each(["", "1", "1.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0-a..b", "v1.0.0", "1.0.0+", "1.0.0 "])(
    "refuse %j",
    (text) => {
      expect(parseSemanticVersion(text)).toBeUndefined();
    },
  );
});
