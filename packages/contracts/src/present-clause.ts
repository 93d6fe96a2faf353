import type { RuleClause, RuleLiteral } from "@lotty/domain";
import type { ClauseTrace } from "@lotty/engine";
import type { ClauseResponse } from "./explanation-response.ts";

/** Prints a clause in rule language. */
export type ClausePrinter = (clause: RuleClause) => string;

/** The wire form of one clause. */
export function presentClause(trace: ClauseTrace, printClause: ClausePrinter): ClauseResponse {
  const { clause } = trace;
  return {
    text: printClause(clause),
    path: clause.kind === "segment" ? [] : clause.path,
    operator: operatorOf(clause),
    literals: literalsOf(clause),
    actual: trace.actual,
    result: trace.result,
    inside: trace.inside?.map((each) => presentClause(each, printClause)),
  };
}

function operatorOf(clause: RuleClause): string {
  switch (clause.kind) {
    case "comparison":
    case "text":
      return clause.operator;
    case "membership":
      return clause.negated ? "NOT IN" : "IN";
    case "between":
      return "BETWEEN";
    case "contains":
      return "CONTAINS";
    case "exists":
      return "EXISTS";
    case "segment":
      return clause.negated ? "NOT IN SEGMENT" : "IN SEGMENT";
  }
}

function literalsOf(clause: RuleClause): readonly RuleLiteral[] {
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
    case "segment":
      return [{ type: "string", value: clause.key }];
  }
}
