import { tokenMatcher, type IToken, type TokenType } from "chevrotain";
import {
  And,
  Between,
  Comma,
  ComparisonOperator,
  Contains,
  Exists,
  In,
  LeftBracket,
  LeftParen,
  Literal,
  Name,
  Not,
  Or,
  RightBracket,
  RightParen,
  Segment,
  TextKeyword,
} from "./tokens.ts";

/** Whether a token is of a type or belongs to it. */
export function isA(token: IToken | undefined, type: TokenType): boolean {
  return token !== undefined && tokenMatcher(token, type);
}

/** What a rule goes on with at some point. */
export type Expectation = "condition" | "operator" | "value" | "list" | "connective";

/** What may follow the tokens so far, judged by the last few. Tokens with mistakes among them are judged as well as possible. */
export function expectationAfter(tokens: readonly IToken[]): Expectation {
  const last = tokens.at(-1);
  if (last === undefined) return "condition";
  switch (last.tokenType) {
    case Or:
    case LeftParen:
      return "condition";
    case And:
      return isA(tokens.at(-3), Between) && isA(tokens.at(-2), Literal) ? "value" : "condition";
    case Not:
      return isA(tokens.at(-2), Name) ? "operator" : "condition";
    case Name:
      return "operator";
    case In:
      return "list";
    case Comma:
    case LeftBracket:
    case Between:
    case Contains:
    case Segment:
      return "value";
    case RightParen:
    case RightBracket:
    case Exists:
      return "connective";
    default:
      return isA(last, ComparisonOperator) || isA(last, TextKeyword) ? "value" : "connective";
  }
}
