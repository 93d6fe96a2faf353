import type { JsonObject, Rule, RuleClause } from "@lotty/domain";
import { attributeReader } from "../rules/attribute-reader.ts";
import { compileClause } from "../rules/compile-clause.ts";
import { TRUTH_NAMES } from "../rules/compile-rule.ts";
import { ERROR, FALSE, TRUE, type Truth } from "../rules/truth.ts";
import type { ClauseTrace } from "./explanation.ts";

/** A rule as it came out for a subject, clause by clause in the order of the text. */
export interface RuleTrace {
  readonly result: Truth;
  readonly clauses: readonly ClauseTrace[];
}

/** Evaluates a rule the way the engine does, and writes down each clause. Clauses behind a settled operand are skipped. */
export function traceRule(rule: Rule, attributes: JsonObject): RuleTrace {
  const clauses: ClauseTrace[] = [];
  const result = trace(rule, { attributes, clauses, reached: true });
  return { result, clauses };
}

interface Walk {
  readonly attributes: JsonObject;
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

function traceClause(clause: RuleClause, { attributes, clauses, reached }: Walk): Truth {
  const result = compileClause(clause)(attributes);
  const actual = attributeReader(clause.path)(attributes);
  clauses.push({
    clause,
    ...(actual === undefined ? {} : { actual }),
    result: reached ? TRUTH_NAMES[result] : "skipped",
  });
  return result;
}

/**
 * The smallest set of clauses that would have to come out otherwise for a rule to take the subject. Clauses are judged
 * one by one, so two on the same attribute may be impossible to satisfy together.
 */
export function clausesToFlip(rule: Rule, attributes: JsonObject): readonly RuleClause[] {
  return flipsFor(rule, TRUE, attributes);
}

function flipsFor(rule: Rule, wanted: typeof TRUE | typeof FALSE, attributes: JsonObject): readonly RuleClause[] {
  switch (rule.kind) {
    case "not":
      return flipsFor(rule.operand, wanted === TRUE ? FALSE : TRUE, attributes);
    case "and":
    case "or": {
      const perOperand = rule.operands.map((operand) => flipsFor(operand, wanted, attributes));
      const needsAll = (rule.kind === "and") === (wanted === TRUE);
      return needsAll ? perOperand.flat() : smallest(perOperand);
    }
    default:
      return compileClause(rule)(attributes) === wanted ? [] : [rule];
  }
}

function smallest(sets: readonly (readonly RuleClause[])[]): readonly RuleClause[] {
  return sets.reduce((best, set) => (set.length < best.length ? set : best));
}

/** An attribute path as people write it. */
export function printPath(path: readonly string[]): string {
  return path.join(".");
}
