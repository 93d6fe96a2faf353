import type { AttributeClause, RuleLiteral } from "@lotty/domain";
import { formatPath } from "./attribute-path.ts";
import type { Finding } from "./diagnostics.ts";
import { excerpt } from "./excerpt.ts";
import { compareLiterals, orderKind } from "./literal-order.ts";
import { formatLiteral } from "./literal-text.ts";
import { isOrdering } from "./operators.ts";
import { patternFault } from "./pattern.ts";
import type { NodeSpans } from "./rule-source.ts";

/** What is odd about a condition by itself. `text` is the rule it stands in. */
export function checkClause(clause: AttributeClause, spans: NodeSpans, text: string): readonly Finding[] {
  return [...checkMeaning(clause, spans), ...checkNumbers(clause, spans, text)];
}

function checkMeaning(clause: AttributeClause, spans: NodeSpans): readonly Finding[] {
  const name = excerpt(formatPath(clause.path));
  switch (clause.kind) {
    case "comparison": {
      if (!isOrdering(clause.operator) || orderKind(clause.literal) !== undefined) return [];
      return [
        {
          code: "no_order",
          span: spans.whole,
          message: `Nothing is larger or smaller than ${formatLiteral(clause.literal)}: the rule takes nobody who has ${name} and gets as far as this test.`,
          hint: "Compare with == or !=",
        },
      ];
    }
    case "membership":
      return clause.literals.length === 0
        ? [emptyList(clause.negated, name, spans)]
        : duplicates(clause.literals, spans);
    case "between": {
      const order = compareLiterals(clause.low, clause.high);
      if (order === undefined || order <= 0) return [];
      return [
        {
          code: "never_matches",
          span: spans.whole,
          message: "The first value of `BETWEEN` is larger than the second, so nothing lies between them.",
          hint: `Did you mean BETWEEN ${formatLiteral(clause.high)} AND ${formatLiteral(clause.low)}?`,
        },
      ];
    }
    case "text":
      return clause.operator === "MATCHES"
        ? checkPattern(clause.operand, spans)
        : checkAffix(clause.operand, name, spans);
    case "contains":
    case "exists":
      return [];
  }
}

function emptyList(negated: boolean, name: string, { whole }: NodeSpans): Finding {
  return negated
    ? {
        code: "always_matches",
        span: whole,
        message: `The list is empty, so this is true for everyone who has ${name}.`,
        hint: "Fill the list, or write EXISTS to ask for the attribute alone",
      }
    : {
        code: "never_matches",
        span: whole,
        message: "The list is empty, so this is true for nobody.",
        hint: "Fill the list",
      };
}

function duplicates(literals: readonly RuleLiteral[], spans: NodeSpans): readonly Finding[] {
  const seen = new Set<string>();
  return literals.flatMap((literal, index): readonly Finding[] => {
    const key = formatLiteral(literal);
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    const span = spans.values[index] ?? spans.whole;
    return [{ code: "duplicate_value", span, message: `${excerpt(key)} stands in the list more than once.` }];
  });
}

function checkPattern(pattern: string, spans: NodeSpans): readonly Finding[] {
  const fault = patternFault(pattern);
  if (fault === undefined) return [];
  const effect = "The rule takes nobody who has a text in this attribute and gets as far as this test.";
  return [
    {
      code: "invalid_pattern",
      span: spans.values[0] ?? spans.whole,
      message: `${fault.message} ${effect}`,
      hint: fault.hint,
    },
  ];
}

function checkAffix(affix: string, name: string, spans: NodeSpans): readonly Finding[] {
  if (affix !== "") return [];
  return [
    {
      code: "always_matches",
      span: spans.whole,
      message: `Every text begins and ends with the empty text, so this is true for everyone whose ${name} is a text.`,
    },
  ];
}

function checkNumbers(clause: AttributeClause, spans: NodeSpans, text: string): readonly Finding[] {
  return literalsOf(clause).flatMap((literal, index): readonly Finding[] => {
    if (literal.type !== "number") return [];
    const span = spans.values[index] ?? spans.whole;
    const written = text.slice(span.start, span.end);
    if (!Number.isFinite(literal.value)) {
      return [
        {
          code: "inexact_number",
          span,
          message: `${excerpt(written)} is too large for a number and counts as infinite.`,
        },
      ];
    }
    if (Math.abs(literal.value) <= Number.MAX_SAFE_INTEGER || !/^-?\d+$/.test(written)) return [];
    return [
      {
        code: "inexact_number",
        span,
        message: `${excerpt(written)} has more digits than numbers keep; it counts as ${literal.value}.`,
        hint: "Send long ids as texts and compare them with a text",
      },
    ];
  });
}

/** The literals of a clause in the order of its text. */
export function literalsOf(clause: AttributeClause): readonly RuleLiteral[] {
  switch (clause.kind) {
    case "comparison":
    case "contains":
      return [clause.literal];
    case "membership":
      return clause.literals;
    case "between":
      return [clause.low, clause.high];
    case "text":
      return [{ type: "string", value: clause.operand }];
    case "exists":
      return [];
  }
}
