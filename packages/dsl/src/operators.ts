import type { EqualityOperator, OrderingOperator, TextOperator } from "@lotty/domain";
import type { IToken } from "chevrotain";
import { EndsWith, Equal, Greater, GreaterOrEqual, Less, NotEqual, StartsWith } from "./tokens.ts";

/** The comparison that a token stands for. */
export function comparisonOperator(token: IToken): EqualityOperator | OrderingOperator {
  switch (token.tokenType) {
    case Equal:
      return "==";
    case NotEqual:
      return "!=";
    case Greater:
      return ">";
    case GreaterOrEqual:
      return ">=";
    case Less:
      return "<";
    default:
      return "<=";
  }
}

/** The text operator that a token stands for. */
export function textOperator(token: IToken): TextOperator {
  switch (token.tokenType) {
    case StartsWith:
      return "STARTS_WITH";
    case EndsWith:
      return "ENDS_WITH";
    default:
      return "MATCHES";
  }
}

/** Whether an operator asks for order rather than equality. */
export function isOrdering(operator: EqualityOperator | OrderingOperator): operator is OrderingOperator {
  return operator !== "==" && operator !== "!=";
}
