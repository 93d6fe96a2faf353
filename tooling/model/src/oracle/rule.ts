import type { JsonObject } from "@lotty/domain";

/** A literal of a rule. */
export type Literal = string | number | boolean | null;

/** A test of one attribute. */
type AttributeTest =
  | { readonly kind: "equals"; readonly attribute: string; readonly value: Literal; readonly negated: boolean }
  | { readonly kind: "in"; readonly attribute: string; readonly values: readonly Literal[]; readonly negated: boolean }
  | { readonly kind: "order"; readonly attribute: string; readonly operator: ">=" | "<"; readonly value: number }
  | { readonly kind: "between"; readonly attribute: string; readonly low: number; readonly high: number }
  | { readonly kind: "starts"; readonly attribute: string; readonly text: string }
  | { readonly kind: "contains"; readonly attribute: string; readonly value: string }
  | { readonly kind: "exists"; readonly attribute: string };

/** Whether the subject is in a segment. */
interface SegmentTest {
  readonly kind: "segment";
  readonly name: string;
  readonly negated: boolean;
}

/** A targeting rule as the model knows it. The product only ever sees its text. */
export type Rule =
  | AttributeTest
  | SegmentTest
  | { readonly kind: "not"; readonly rule: Rule }
  | { readonly kind: "and"; readonly left: Rule; readonly right: Rule }
  | { readonly kind: "or"; readonly left: Rule; readonly right: Rule };

/** The rules that others ask for by name. */
export type NamedRules = readonly { readonly key: string; readonly rule: Rule }[];

/** What a rule makes of attributes. */
export type Truth = "true" | "false" | "error";

/** The rule in the rule language. */
export function ruleText(rule: Rule): string {
  switch (rule.kind) {
    case "equals":
      return `${rule.attribute} ${rule.negated ? "!=" : "=="} ${literalText(rule.value)}`;
    case "in":
      return `${rule.attribute} ${rule.negated ? "NOT IN" : "IN"} [${rule.values.map(literalText).join(", ")}]`;
    case "order":
      return `${rule.attribute} ${rule.operator} ${String(rule.value)}`;
    case "between":
      return `${rule.attribute} BETWEEN ${String(rule.low)} AND ${String(rule.high)}`;
    case "starts":
      return `${rule.attribute} STARTS_WITH ${literalText(rule.text)}`;
    case "contains":
      return `${rule.attribute} CONTAINS ${literalText(rule.value)}`;
    case "exists":
      return `${rule.attribute} EXISTS`;
    case "segment":
      return `${rule.negated ? "NOT " : ""}IN SEGMENT ${literalText(rule.name)}`;
    case "not":
      return `NOT (${ruleText(rule.rule)})`;
    case "and":
    case "or":
      return `(${ruleText(rule.left)}) ${rule.kind.toUpperCase()} (${ruleText(rule.right)})`;
  }
}

function literalText(value: Literal): string {
  return JSON.stringify(value);
}

/** Tests attributes as docs/rule-language.md tells it: from left to right, and an error that is reached is the result. */
export function test(rule: Rule, attributes: JsonObject, segments: NamedRules): Truth {
  if (rule.kind === "not") return opposite(test(rule.rule, attributes, segments));
  if (rule.kind === "segment") {
    const segment = segments.find(({ key }) => key === rule.name);
    if (segment === undefined) return "error";
    const inside = test(segment.rule, attributes, segments);
    return rule.negated ? opposite(inside) : inside;
  }
  if (rule.kind === "and" || rule.kind === "or") {
    const left = test(rule.left, attributes, segments);
    if (left === "error" || left === (rule.kind === "and" ? "false" : "true")) return left;
    return test(rule.right, attributes, segments);
  }
  return testAttribute(rule, attributes);
}

/** The names that a rule asks for, those that their rules ask for included. */
export function segmentsOf(rule: Rule | null, segments: NamedRules): readonly string[] {
  if (rule === null) return [];
  switch (rule.kind) {
    case "segment": {
      const inside = segments.find(({ key }) => key === rule.name)?.rule ?? null;
      return [rule.name, ...segmentsOf(inside, segments)];
    }
    case "not":
      return segmentsOf(rule.rule, segments);
    case "and":
    case "or":
      return [...segmentsOf(rule.left, segments), ...segmentsOf(rule.right, segments)];
    default:
      return [];
  }
}

function opposite(outcome: Truth): Truth {
  if (outcome === "error") return "error";
  return outcome === "true" ? "false" : "true";
}

function testAttribute(rule: AttributeTest, attributes: JsonObject): Truth {
  // Every test of a missing attribute is false.
  if (!Object.hasOwn(attributes, rule.attribute)) return "false";
  const value = attributes[rule.attribute];
  switch (rule.kind) {
    case "equals":
      return truth((value === rule.value) !== rule.negated);
    case "in":
      return truth(rule.values.some((each) => each === value) !== rule.negated);
    case "order":
      if (typeof value !== "number") return "error";
      return truth(rule.operator === ">=" ? value >= rule.value : value < rule.value);
    case "between":
      if (typeof value !== "number") return "error";
      return truth(value >= rule.low && value <= rule.high);
    case "starts":
      return truth(typeof value === "string" && value.startsWith(rule.text));
    case "contains":
      if (typeof value === "string") return truth(value.includes(rule.value));
      return truth(Array.isArray(value) && value.includes(rule.value));
    case "exists":
      return "true";
  }
}

function truth(holds: boolean): Truth {
  return holds ? "true" : "false";
}
