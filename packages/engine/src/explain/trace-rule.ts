import type { AttributeClause, JsonObject, Rule, RuleClause, SegmentClause } from "@lotty/domain";
import type { CompiledSegments } from "../compile-segments.ts";
import { attributeReader } from "../rules/attribute-reader.ts";
import { compileRule, TRUTH_NAMES, type SegmentTests } from "../rules/compile-rule.ts";
import { ERROR, FALSE, TRUE, type Truth } from "../rules/truth.ts";
import type { ClauseTrace } from "./explanation.ts";

/** What can be said of a rule that could be read but not evaluated. */
export const EVALUATION_FAULT =
  "A clause compares things that have no order, its pattern cannot be used, or its segment is missing or faulty.";

/** A rule as it came out for a subject, clause by clause in the order of the text. */
export interface RuleTrace {
  readonly result: Truth;
  readonly clauses: readonly ClauseTrace[];
}

/** Evaluates a rule the way the engine does, and writes down each clause. Clauses behind a settled operand are skipped. */
export function traceRule(rule: Rule, attributes: JsonObject, segments: CompiledSegments): RuleTrace {
  const clauses: ClauseTrace[] = [];
  const result = trace(rule, { attributes, segments, clauses, reached: true });
  return { result, clauses };
}

interface Walk {
  readonly attributes: JsonObject;
  readonly segments: CompiledSegments;
  readonly clauses: ClauseTrace[];
  readonly reached: boolean;
}

function trace(rule: Rule, walk: Walk): Truth {
  switch (rule.kind) {
    case "and":
      return traceOperands(rule.operands, TRUE, walk);
    case "or":
      return traceOperands(rule.operands, FALSE, walk);
    case "not": {
      const result = trace(rule.operand, walk);
      return result === ERROR ? ERROR : result === TRUE ? FALSE : TRUE;
    }
    default:
      return traceClause(rule, walk);
  }
}

function traceOperands(operands: readonly Rule[], goOn: Truth, walk: Walk): Truth {
  let result = goOn;
  for (const operand of operands) {
    const reached: boolean = walk.reached && result === goOn;
    const each = trace(operand, { ...walk, reached });
    if (reached) result = each;
  }
  return result;
}

function traceClause(clause: RuleClause, walk: Walk): Truth {
  const result = compileRule(clause, walk.segments.tests).test(walk.attributes);
  walk.clauses.push({
    clause,
    ...(clause.kind === "segment" ? insideOf(clause, walk) : actualOf(clause, walk.attributes)),
    result: walk.reached ? TRUTH_NAMES[result] : "skipped",
  });
  return result;
}

function actualOf(clause: AttributeClause, attributes: JsonObject): Pick<ClauseTrace, "actual"> {
  const actual = attributeReader(clause.path)(attributes);
  return actual === undefined ? {} : { actual };
}

function insideOf({ key }: SegmentClause, { attributes, reached, segments }: Walk): Pick<ClauseTrace, "inside"> {
  const rule = segments.byKey.get(key)?.rule ?? null;
  return reached && rule !== null ? { inside: traceRule(rule, attributes, segments).clauses } : {};
}

/**
 * The smallest set of clauses that would have to come out otherwise for a rule to take the subject. Clauses are judged
 * one by one, so two on the same attribute may be impossible to satisfy together.
 */
export function clausesToFlip(rule: Rule, attributes: JsonObject, segments: SegmentTests): readonly RuleClause[] {
  return flipsFor(rule, TRUE, { attributes, segments });
}

interface Facts {
  readonly attributes: JsonObject;
  readonly segments: SegmentTests;
}

function flipsFor(rule: Rule, wanted: typeof TRUE | typeof FALSE, facts: Facts): readonly RuleClause[] {
  switch (rule.kind) {
    case "not":
      return flipsFor(rule.operand, wanted === TRUE ? FALSE : TRUE, facts);
    case "and":
    case "or": {
      const perOperand = rule.operands.map((operand) => flipsFor(operand, wanted, facts));
      const needsAll = (rule.kind === "and") === (wanted === TRUE);
      return needsAll ? perOperand.flat() : smallest(perOperand);
    }
    default:
      return compileRule(rule, facts.segments).test(facts.attributes) === wanted ? [] : [rule];
  }
}

function smallest(sets: readonly (readonly RuleClause[])[]): readonly RuleClause[] {
  return sets.reduce((best, set) => (set.length < best.length ? set : best));
}

/** What a clause tests, as people write it: the path of an attribute, or a segment. */
export function printTested(clause: RuleClause): string {
  return clause.kind === "segment" ? `the segment ${clause.key}` : clause.path.join(".");
}
