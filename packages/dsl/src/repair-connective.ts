import type { IToken } from "chevrotain";
import { nearest } from "./did-you-mean.ts";
import { excerpt } from "./excerpt.ts";
import type { RepairState } from "./repair-state.ts";
import { isA } from "./token-kind.ts";
import { endOf, spanBetween, spanOf } from "./token-span.ts";
import { And, Between, Comma, LeftParen, Literal, Name, Not, Or, RightParen } from "./tokens.ts";

const CONNECTIVES = new Map([
  ["AND", And],
  ["OR", Or],
]);

/** Anything but `AND`, `OR` or a closing parenthesis after a condition. */
export function repairConnective(state: RepairState): boolean {
  const token = state.peek();
  const previous = state.output.at(-1);
  if (token === undefined || previous === undefined || state.inList || state.expected !== "connective") return false;
  if (endsCondition(token)) return false;
  return (
    repairRange(state, token, previous) ||
    repairWord(state, token) ||
    repairComma(state, token) ||
    repairMissing(state, token, previous) ||
    repairRest(state, token)
  );
}

function endsCondition({ tokenType }: IToken): boolean {
  return tokenType === And || tokenType === Or || tokenType === RightParen;
}

/** `age BETWEEN 18 65`. */
function repairRange(state: RepairState, token: IToken, previous: IToken): boolean {
  if (!isA(token, Literal) || !isA(previous, Literal) || state.output.at(-2)?.tokenType !== Between) return false;
  state.report({
    code: "missing_value",
    span: spanBetween(previous, token),
    message: "`BETWEEN` needs `AND` between its two values.",
    hint: `Did you mean BETWEEN ${previous.image} AND ${token.image}?`,
  });
  state.insert(And, token.startOffset);
  return true;
}

/** `a == 1 ADN b == 2`. */
function repairWord(state: RepairState, token: IToken): boolean {
  const following = state.peek(1)?.tokenType;
  const beforeCondition = following === Name || following === Not || following === LeftParen;
  const meant = token.tokenType === Name && beforeCondition ? nearest(token.image, CONNECTIVES.keys()) : undefined;
  const type = meant === undefined ? undefined : CONNECTIVES.get(meant);
  if (type === undefined) return false;
  state.report({
    code: "misspelt_keyword",
    span: spanOf(token),
    message: `${excerpt(token.image)} does not join conditions.`,
    hint: `Did you mean \`${meant}\`?`,
  });
  state.replace(type);
  return true;
}

/** `a == 1, b == 2`. */
function repairComma(state: RepairState, token: IToken): boolean {
  if (token.tokenType !== Comma) return false;
  state.report({
    code: "missing_connective",
    span: spanOf(token),
    message: "A comma does not join conditions.",
    hint: "Write `AND` or `OR`; several values of one attribute go into IN [ ]",
  });
  state.replace(And);
  return true;
}

/** `a == 1 b == 2`. */
function repairMissing(state: RepairState, token: IToken, previous: IToken): boolean {
  const type = token.tokenType;
  if (type !== Name && type !== Not && type !== LeftParen) return false;
  state.report({
    code: "missing_connective",
    span: { start: endOf(previous), end: token.startOffset },
    message: `\`AND\` or \`OR\` is missing before ${excerpt(token.image)}.`,
  });
  state.insert(And, token.startOffset);
  return true;
}

/** Whatever else follows a condition: leaves it out up to where the rule can go on. */
function repairRest(state: RepairState, first: IToken): boolean {
  let last = first;
  let length = 1;
  for (let next = state.peek(length); next !== undefined && !endsCondition(next); next = state.peek(length)) {
    last = next;
    length += 1;
  }
  state.report({
    code: "unexpected_word",
    span: spanBetween(first, last),
    message: `A condition is complete before ${excerpt(first.image)}.`,
    hint: "Conditions are joined by `AND` or `OR`; a range is written as in age BETWEEN 18 AND 65",
  });
  state.drop(length);
  return true;
}
