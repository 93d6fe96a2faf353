import { nearest } from "./did-you-mean.ts";
import { excerpt } from "./excerpt.ts";
import type { RepairState } from "./repair-state.ts";
import { spanBetween, spanOf } from "./token-span.ts";
import { In, Name, Not, Segment, TextLiteral } from "./tokens.ts";

/** An attribute in front of `IN SEGMENT`, or `SEGMENT` spelt wrong. */
export function repairSegment(state: RepairState): boolean {
  return repairAttribute(state) || repairMisspelt(state);
}

/** `country IN SEGMENT "beta"` and `country NOT IN SEGMENT "beta"`. */
function repairAttribute(state: RepairState): boolean {
  const name = state.peek();
  if (name?.tokenType !== Name || state.expected !== "condition") return false;
  const negated = state.peek(1)?.tokenType === Not;
  const [preposition, word, text] = [1, 2, 3].map((ahead) => state.peek(negated ? ahead + 1 : ahead));
  if (preposition?.tokenType !== In || word?.tokenType !== Segment) return false;
  const named = text?.tokenType === TextLiteral ? text.image : '"…"';
  state.report({
    code: "unexpected_word",
    span: spanBetween(name, word),
    message: "`IN SEGMENT` asks about the subject as a whole, so no attribute stands before it.",
    hint: `Did you mean ${negated ? "NOT IN" : "IN"} SEGMENT ${named}?`,
  });
  state.drop();
  return true;
}

/** `IN SEGMNET "beta"`. */
function repairMisspelt(state: RepairState): boolean {
  const [word, text, before] = [state.peek(), state.peek(1), state.output.at(-2)];
  if (word?.tokenType !== Name || text?.tokenType !== TextLiteral) return false;
  if (state.output.at(-1)?.tokenType !== In || before?.tokenType === Name) return false;
  if (before?.tokenType === Not && state.output.at(-3)?.tokenType === Name) return false;
  if (nearest(word.image, ["SEGMENT"]) === undefined) return false;
  state.report({
    code: "misspelt_keyword",
    span: spanOf(word),
    message: `${excerpt(word.image)} is not a word of the rule language.`,
    hint: "Did you mean `SEGMENT`?",
  });
  state.replace(Segment);
  return true;
}
