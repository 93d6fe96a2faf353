import { excerpt } from "./excerpt.ts";
import { quoteText } from "./quoted-text.ts";
import type { RepairState } from "./repair-state.ts";
import { isA } from "./token-kind.ts";
import { endOf } from "./token-span.ts";
import { LeftBracket, Name, NumberLiteral, RightBracket } from "./tokens.ts";

/** A text with both its quotes. */
const CLOSED = /^(["']).*\1$/s;

/** Brackets after an attribute that the lexer did not take for a part of its path: `a[b]`, `a[0]`, `a [ "b" ]`. */
export function repairPath(state: RepairState): boolean {
  const opening = state.peek();
  const name = state.output.at(-1);
  if (opening?.tokenType !== LeftBracket || name === undefined || !isA(name, Name)) return false;
  const inner = state.peek(1);
  let length = 1;
  let last = opening;
  for (let next = inner; next !== undefined && last.tokenType !== RightBracket; next = state.peek(length)) {
    last = next;
    length += 1;
  }
  const written = inner?.image ?? "name";
  const quoted = CLOSED.test(written) ? written : quoteText(/\w+/.exec(written)?.[0] ?? "name");
  state.report({
    code: "malformed_name",
    span: { start: name.startOffset, end: endOf(last) },
    message:
      inner?.tokenType === NumberLiteral
        ? "A path leads through objects only, not to a place in a list."
        : `${excerpt(name.image)} is followed by brackets that are not part of its name.`,
    hint:
      inner?.tokenType === NumberLiteral
        ? "To look for a value in a list write CONTAINS"
        : `A name in brackets has quotes and no spaces around it: ${name.image}[${quoted}]`,
  });
  state.drop(length);
  return true;
}
