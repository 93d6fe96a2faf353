import { nearest } from "./did-you-mean.ts";
import { excerpt } from "./excerpt.ts";
import { nearestOperator } from "./operator-words.ts";
import type { RepairState } from "./repair-state.ts";
import { isA } from "./token-kind.ts";
import { spanOf } from "./token-span.ts";
import { Between, Contains, Exists, In, Name, Not, TextKeyword } from "./tokens.ts";

/** `NOT` at the wrong place, or spelt wrong. */
export function repairNegation(state: RepairState): boolean {
  return repairMisplaced(state) || repairMisspelt(state);
}

/** `name NOT CONTAINS "a"`. */
function repairMisplaced(state: RepairState): boolean {
  const [token, following, name] = [state.peek(), state.peek(1), state.output.at(-1)];
  if (token?.tokenType !== Not || name?.tokenType !== Name || following === undefined) return false;
  const range = following.image.toUpperCase() === "BETWEEN";
  if (!range && ![Contains, TextKeyword, Exists].some((type) => isA(following, type))) return false;
  state.report({
    code: "misplaced_not",
    span: spanOf(token),
    message: "After an attribute, `NOT` stands only before `IN`.",
    hint: `Put it before the attribute: NOT ${name.image} ${following.image.toUpperCase()} …`,
  });
  state.drop();
  if (range) state.replace(Between);
  return true;
}

/** `NTO country == "DE"` and `country NTO IN ["DE"]`. */
function repairMisspelt(state: RepairState): boolean {
  const [token, following] = [state.peek(), state.peek(1)];
  if (token?.tokenType !== Name || following === undefined || nearest(token.image, ["NOT"]) === undefined) return false;
  const beforeAttribute = following.tokenType === Name && nearestOperator(following.image) === undefined;
  const meant =
    (state.expected === "condition" && beforeAttribute) || (state.expected === "operator" && isA(following, In));
  if (!meant) return false;
  state.report({
    code: "misspelt_keyword",
    span: spanOf(token),
    message: `${excerpt(token.image)} is not a word of the rule language.`,
    hint: "Did you mean `NOT`?",
  });
  state.replace(Not);
  return true;
}
