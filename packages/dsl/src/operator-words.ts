import type { TokenType } from "chevrotain";
import { nearest } from "./did-you-mean.ts";
import {
  Between,
  Contains,
  EndsWith,
  Equal,
  Exists,
  Greater,
  GreaterOrEqual,
  In,
  Less,
  LessOrEqual,
  Matches,
  Not,
  NotEqual,
  StartsWith,
} from "./tokens.ts";

/** How an operator is written. */
export interface OperatorWord {
  readonly word: string;
  readonly types: readonly TokenType[];
}

const IN: OperatorWord = { word: "IN", types: [In] };
const NOT_IN: OperatorWord = { word: "NOT IN", types: [Not, In] };
const CONTAINS: OperatorWord = { word: "CONTAINS", types: [Contains] };
const STARTS_WITH: OperatorWord = { word: "STARTS_WITH", types: [StartsWith] };
const ENDS_WITH: OperatorWord = { word: "ENDS_WITH", types: [EndsWith] };
const MATCHES: OperatorWord = { word: "MATCHES", types: [Matches] };
const EXISTS: OperatorWord = { word: "EXISTS", types: [Exists] };
const BETWEEN: OperatorWord = { word: "BETWEEN", types: [Between] };
const EQUAL: OperatorWord = { word: "==", types: [Equal] };
const NOT_EQUAL: OperatorWord = { word: "!=", types: [NotEqual] };
const GREATER: OperatorWord = { word: ">", types: [Greater] };
const GREATER_OR_EQUAL: OperatorWord = { word: ">=", types: [GreaterOrEqual] };
const LESS: OperatorWord = { word: "<", types: [Less] };
const LESS_OR_EQUAL: OperatorWord = { word: "<=", types: [LessOrEqual] };

/** The operators that are words, for guesses by spelling. */
const OPERATOR_WORDS: ReadonlyMap<string, OperatorWord> = new Map(
  [IN, CONTAINS, STARTS_WITH, ENDS_WITH, MATCHES, EXISTS, BETWEEN].map((operator) => [operator.word, operator]),
);

/** What people write who come from another language, in one word or two. */
export const FOREIGN_OPERATORS: ReadonlyMap<string, OperatorWord> = new Map([
  ["IS", EQUAL],
  ["EQ", EQUAL],
  ["EQUAL", EQUAL],
  ["EQUALS", EQUAL],
  ["IS NOT", NOT_EQUAL],
  ["NE", NOT_EQUAL],
  ["NEQ", NOT_EQUAL],
  ["GT", GREATER],
  ["GE", GREATER_OR_EQUAL],
  ["GTE", GREATER_OR_EQUAL],
  ["LT", LESS],
  ["LE", LESS_OR_EQUAL],
  ["LTE", LESS_OR_EQUAL],
  ["IS IN", IN],
  ["ANY_OF", IN],
  ["ONE_OF", IN],
  ["NOT_IN", NOT_IN],
  ["NOTIN", NOT_IN],
  ["HAS", CONTAINS],
  ["INCLUDE", CONTAINS],
  ["INCLUDES", CONTAINS],
  ["LIKE", CONTAINS],
  ["STARTS", STARTS_WITH],
  ["STARTS WITH", STARTS_WITH],
  ["STARTSWITH", STARTS_WITH],
  ["BEGINS WITH", STARTS_WITH],
  ["BEGINS_WITH", STARTS_WITH],
  ["ENDS", ENDS_WITH],
  ["ENDS WITH", ENDS_WITH],
  ["ENDSWITH", ENDS_WITH],
  ["MATCH", MATCHES],
  ["REGEX", MATCHES],
  ["REGEXP", MATCHES],
  ["DEFINED", EXISTS],
  ["IS DEFINED", EXISTS],
  ["PRESENT", EXISTS],
  ["IS PRESENT", EXISTS],
]);

/** The operator that a word was most likely meant to be, by its spelling. */
export function nearestOperator(word: string): OperatorWord | undefined {
  const found = nearest(word, OPERATOR_WORDS.keys());
  return found === undefined ? undefined : OPERATOR_WORDS.get(found);
}
