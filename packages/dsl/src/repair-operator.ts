import { excerpt } from "./excerpt.ts";
import { FOREIGN_OPERATORS, nearestOperator } from "./operator-words.ts";
import type { RepairState } from "./repair-state.ts";
import { spanBetween } from "./token-span.ts";
import { Name, Not } from "./tokens.ts";

/** A word that is no operator where one should be: misspelt, or from another language. */
export function repairOperator(state: RepairState): boolean {
  const token = state.peek();
  if (token === undefined || token.tokenType !== Name || state.expected !== "operator") return false;
  const following = state.peek(1);
  const both = following === undefined ? "" : `${token.image} ${following.image}`;
  const pair = FOREIGN_OPERATORS.get(both.toUpperCase());
  const operator = pair ?? FOREIGN_OPERATORS.get(token.image.toUpperCase()) ?? nearestOperator(token.image);
  if (operator === undefined) return false;
  const last = pair === undefined || following === undefined ? token : following;
  state.report({
    code: "misspelt_keyword",
    span: spanBetween(token, last),
    message: `${excerpt(last === token ? token.image : both)} is not an operator.`,
    hint: `Did you mean \`${operator.word}\`?`,
  });
  // In `x NOT MEMBER ["a"]` the NOT is there already.
  const types = state.output.at(-1)?.tokenType === Not ? operator.types.filter((type) => type !== Not) : operator.types;
  state.drop(last === token ? 1 : 2);
  for (const type of types) state.insert(type, token.startOffset);
  return true;
}
