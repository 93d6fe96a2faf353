import { parse } from "@lotty/dsl";
import { describe, expect, test } from "vitest";
import { canMatch } from "./can-match.ts";

function mayMatch(text: string): boolean {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(parsed.diagnostics[0]?.message);
  return canMatch(parsed);
}

describe("a rule that is true for nobody", () => {
  test.each([
    'country == "DE" AND country == "FR"',
    "age > 5 AND (country EXISTS AND age < 3)",
    "(age > 5 AND age < 3) OR (age == 1 AND age == 2)",
    'plan == "pro" AND (age == 1 AND age == 2)',
    'country == "DE" AND NOT country == "DE"',
    'country IN ["DE"] AND ((age > 5 AND age < 3) OR (age == 1 AND age == 2))',
  ])("is recognised: %s", (text) => {
    expect(mayMatch(text)).toBe(false);
  });

  test.each([
    "",
    'country == "DE"',
    'country == "DE" OR (age > 5 AND age < 3)',
    'NOT (country == "DE" AND country == "FR")',
    'country == "DE" AND NOT (age == 1 AND age == 2)',
    "age > 3 AND age < 5",
  ])("is not seen in one that may be true: %s", (text) => {
    expect(mayMatch(text)).toBe(true);
  });
});
