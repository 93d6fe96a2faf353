import type { JsonObject, Rule, SegmentClause } from "@lotty/domain";
import { compileClause, type AttributeTest } from "./compile-clause.ts";
import { ERROR, FALSE, TRUE, type Truth } from "./truth.ts";

/** A rule made ready to be asked often: nested closures over constants. */
export interface CompiledRule {
  readonly rule: Rule | null;
  readonly test: AttributeTest;
}

/** The tests of segments by their keys. */
export type SegmentTests = ReadonlyMap<string, AttributeTest>;

/** Where there are no segments. */
export const NO_SEGMENT_TESTS: SegmentTests = new Map();

/**
 * Compiles a rule, once per revision. `null`, the blank rule, takes everyone. Linear in the size of the rule.
 *
 * @param segments what the rule's segments mean; asking for one that is not there is an evaluation error
 */
export function compileRule(rule: Rule | null, segments: SegmentTests = NO_SEGMENT_TESTS): CompiledRule {
  return { rule, test: rule === null ? () => TRUE : compileNode(rule, segments) };
}

/** What a rule says about a subject. An error takes nobody. */
export function evaluateRule(compiled: CompiledRule, attributes: JsonObject): "true" | "false" | "error" {
  return TRUTH_NAMES[compiled.test(attributes)];
}

/** The names under which truths leave the engine. */
export const TRUTH_NAMES: Readonly<Record<Truth, "true" | "false" | "error">> = {
  [FALSE]: "false",
  [TRUE]: "true",
  [ERROR]: "error",
};

function compileNode(rule: Rule, segments: SegmentTests): AttributeTest {
  switch (rule.kind) {
    case "and":
    case "or": {
      const tests = rule.operands.map((operand) => compileNode(operand, segments));
      return untilFirst(tests, rule.kind === "and" ? TRUE : FALSE);
    }
    case "not":
      return negated(compileNode(rule.operand, segments));
    case "segment":
      return compileSegmentClause(rule, segments);
    default:
      return compileClause(rule);
  }
}

function compileSegmentClause(clause: SegmentClause, segments: SegmentTests): AttributeTest {
  const test = segments.get(clause.key);
  if (test === undefined) return () => ERROR;
  return clause.negated ? negated(test) : test;
}

function negated(test: AttributeTest): AttributeTest {
  return (attributes) => {
    const result = test(attributes);
    return result === ERROR ? ERROR : result === TRUE ? FALSE : TRUE;
  };
}

/**
 * `AND` goes on while its operands are true, `OR` while they are false. The first other truth is the result, so that
 * an error on the right of a settled operand never happens.
 */
function untilFirst(tests: readonly AttributeTest[], goOn: Truth): AttributeTest {
  const [first, second, third] = tests;
  // Two and three operands, most of all there are, without a loop: the compiler then knows each of the tests.
  if (first !== undefined && second !== undefined && tests.length === 2) {
    return (attributes) => {
      const result = first(attributes);
      return result === goOn ? second(attributes) : result;
    };
  }
  if (first !== undefined && second !== undefined && third !== undefined && tests.length === 3) {
    return (attributes) => {
      let result = first(attributes);
      if (result === goOn) result = second(attributes);
      return result === goOn ? third(attributes) : result;
    };
  }
  return (attributes) => {
    for (const test of tests) {
      const result = test(attributes);
      if (result !== goOn) return result;
    }
    return goOn;
  };
}
