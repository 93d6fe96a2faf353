import type { IToken } from "chevrotain";
import { quoteText } from "./quoted-text.ts";
import type { RepairState } from "./repair-state.ts";
import { isA } from "./token-kind.ts";
import { endOf, spanBetween } from "./token-span.ts";
import { Comma, LeftBracket, LeftParen, Literal, Name, RightBracket, RightParen, TextLiteral } from "./tokens.ts";

/** Values shown in a hint; longer lists are cut. */
const SHOWN_VALUES = 5;

/** Lists without square brackets, and lists without commas. */
export function repairList(state: RepairState): boolean {
  return repairComma(state) || repairBrackets(state);
}

/** `country IN "DE"`, `country IN DE, FR` and `country IN ("DE", "FR")`. */
function repairBrackets(state: RepairState): boolean {
  const opening = state.peek();
  if (opening === undefined || state.expected !== "list") return false;
  const inParentheses = opening.tokenType === LeftParen;
  const skipped = inParentheses ? 1 : 0;
  const values = valuesFrom(state, skipped);
  const last = values.at(-1);
  if (last === undefined) return false;
  const shown = values
    .slice(0, SHOWN_VALUES)
    .map((value) => (value.tokenType === Name ? quoteText(value.image) : value.image));
  state.report({
    code: "missing_brackets",
    span: spanBetween(opening, last),
    message: "The values of `IN` stand in square brackets.",
    hint: `Did you mean [${shown.join(", ")}${values.length > SHOWN_VALUES ? ", …" : ""}]?`,
  });
  state.drop(skipped);
  state.insert(LeftBracket, opening.startOffset);
  while (state.peek() !== last) acceptValue(state);
  acceptValue(state);
  state.insert(RightBracket, endOf(last));
  if (inParentheses && state.peek()?.tokenType === RightParen) state.drop();
  return true;
}

/** The values, in turn with commas, that begin some tokens ahead. */
function valuesFrom(state: RepairState, ahead: number): readonly IToken[] {
  const values: IToken[] = [];
  for (let index = ahead; ; index += 2) {
    const value = state.peek(index);
    if (value === undefined || (!isA(value, Literal) && value.tokenType !== Name)) return values;
    values.push(value);
    if (state.peek(index + 1)?.tokenType !== Comma) return values;
  }
}

function acceptValue(state: RepairState): void {
  if (state.peek()?.tokenType === Name) state.replace(TextLiteral);
  else state.accept();
}

/** Two values of a list without a comma between them. */
function repairComma(state: RepairState): boolean {
  const token = state.peek();
  const previous = state.output.at(-1);
  if (token === undefined || previous === undefined || !state.inList || state.expected !== "connective") return false;
  if (!isA(token, Literal) && token.tokenType !== Name) return false;
  state.report({
    code: "unexpected_word",
    span: { start: endOf(previous), end: token.startOffset },
    message: "A comma is missing between two values of the list.",
  });
  state.insert(Comma, token.startOffset);
  return true;
}
