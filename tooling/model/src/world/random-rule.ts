import type { SeededRandom } from "@lotty/faults/seeded-random";
import type { Rule } from "../oracle/rule.ts";

/** What subjects may have as a country and as a plan. */
export const COUNTRIES = ["DE", "AT", "CH", "US", "FR"];
export const PLANS = ["free", "basic", "pro", "team"];
export const TAGS = ["beta", "staff", "early"];

/** A rule over the attributes that subjects have and over segments, or none, which takes everyone. */
export function randomRule(random: SeededRandom, segments: readonly string[]): Rule | null {
  const dice = random.next();
  if (dice < 0.4) return null;
  if (dice < 0.75) return simple(random, segments);
  if (dice < 0.85) return { kind: "not", rule: simple(random, segments) };
  return {
    kind: random.pick(["and", "or"] as const),
    left: simple(random, segments),
    right: simple(random, segments),
  };
}

/** Of all tests, those that ask for a segment where there is one. */
const SEGMENT_SHARE = 0.25;

function simple(random: SeededRandom, segments: readonly string[]): Rule {
  const negated = random.next() < 0.4;
  if (segments.length > 0 && random.next() < SEGMENT_SHARE) {
    return { kind: "segment", name: random.pick(segments), negated };
  }
  switch (random.between(0, 8)) {
    case 0:
      return { kind: "equals", attribute: "country", value: random.pick(COUNTRIES), negated };
    case 1:
      return { kind: "in", attribute: "country", values: COUNTRIES.filter(() => random.next() < 0.6), negated };
    case 2:
      return { kind: "in", attribute: "plan", values: [random.pick(PLANS), random.pick(PLANS), null], negated };
    case 3:
      return {
        kind: "order",
        attribute: "age",
        operator: random.pick([">=", "<"] as const),
        value: random.between(15, 60),
      };
    case 4:
      return { kind: "between", attribute: "age", low: random.between(10, 30), high: random.between(30, 70) };
    case 5:
      return { kind: "starts", attribute: "plan", text: random.pick(["p", "b", "te"]) };
    case 6:
      return { kind: "contains", attribute: "tags", value: random.pick(TAGS) };
    case 7:
      return { kind: "equals", attribute: "member", value: true, negated };
    default:
      return { kind: "exists", attribute: random.pick(["referrer", "plan", "age"]) };
  }
}
