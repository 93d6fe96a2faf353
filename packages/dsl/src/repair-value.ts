import type { IToken } from "chevrotain";
import { nearest } from "./did-you-mean.ts";
import { excerpt } from "./excerpt.ts";
import { quoteText } from "./quoted-text.ts";
import type { RepairState } from "./repair-state.ts";
import { isA } from "./token-kind.ts";
import { spanBetween, spanOf } from "./token-span.ts";
import {
  ComparisonOperator,
  Contains,
  DateLiteral,
  Exists,
  False,
  In,
  LeftParen,
  Literal,
  Name,
  Not,
  Null,
  RightParen,
  TextKeyword,
  TextLiteral,
  True,
  VersionLiteral,
} from "./tokens.ts";

const CONSTANTS = new Map([
  ["TRUE", True],
  ["FALSE", False],
  ["NULL", Null],
]);

const FOREIGN_CONSTANTS: ReadonlyMap<string, string> = new Map([
  ["YES", "TRUE"],
  ["NO", "FALSE"],
  ["NONE", "NULL"],
  ["NIL", "NULL"],
  ["UNDEFINED", "NULL"],
]);

/** Words without quotes where a value should be. */
export function repairValue(state: RepairState): boolean {
  const token = state.peek();
  if (token?.tokenType !== Name || state.expected !== "value") return false;
  return repairCall(state, token) || repairConstant(state, token) || repairUnquoted(state, token);
}

/** `semver(2.10.0)`: what stands in the parentheses is not one text. */
function repairCall(state: RepairState, name: IToken): boolean {
  const word = name.image.toLowerCase();
  if ((word !== "semver" && word !== "date") || state.peek(1)?.tokenType !== LeftParen) return false;
  const argument = state.peek(2);
  let length = 2;
  while (state.peek(length) !== undefined && state.peek(length)?.tokenType !== RightParen) length += 1;
  const closing = state.peek(length);
  const example = word === "semver" ? "2.10.0" : "2026-01-31";
  const readable =
    argument !== undefined && closing !== undefined && length === 3 && argument.tokenType !== TextLiteral;
  state.report({
    code: word === "semver" ? "invalid_version" : "invalid_date",
    span: spanBetween(name, closing ?? state.peek(length - 1) ?? name),
    message: `\`${word}\` takes one text in quotes.`,
    hint: `Write it as ${word}(${quoteText(readable ? argument.image : example)})`,
  });
  state.replace(word === "semver" ? VersionLiteral : DateLiteral, length + 1);
  return true;
}

function repairConstant(state: RepairState, name: IToken): boolean {
  const meant = FOREIGN_CONSTANTS.get(name.image.toUpperCase()) ?? nearest(name.image, CONSTANTS.keys());
  const type = meant === undefined ? undefined : CONSTANTS.get(meant);
  if (meant === undefined || type === undefined) return false;
  state.report({
    code: "misspelt_keyword",
    span: spanOf(name),
    message: `${excerpt(name.image)} is not a value.`,
    hint: `Did you mean \`${meant}\`, or the text ${quoteText(name.image)}?`,
  });
  state.replace(type);
  return true;
}

/** `city == New York AND ...`: all words up to the next operator or connective belong to the text. */
function repairUnquoted(state: RepairState, name: IToken): boolean {
  let length = 1;
  let last = name;
  for (let next = state.peek(1); next?.tokenType === Name && !startsTest(state, length); next = state.peek(length)) {
    last = next;
    length += 1;
  }
  const words = Array.from({ length }, (_, index) => state.peek(index)?.image ?? "").join(" ");
  state.report({
    code: "missing_quotes",
    span: spanBetween(name, last),
    message: `${excerpt(words)} has no quotes, so it is not a text.`,
    hint: `Did you mean ${quoteText(words)}? A condition cannot compare two attributes.`,
  });
  state.replace(TextLiteral, length);
  return true;
}

/** Whether the name that many tokens ahead is an attribute with its operator rather than part of a text. */
function startsTest(state: RepairState, ahead: number): boolean {
  const next = state.peek(ahead + 1);
  return (
    next !== undefined &&
    !isA(next, Literal) &&
    [ComparisonOperator, Contains, TextKeyword, In, Not, Exists].some((type) => isA(next, type))
  );
}
