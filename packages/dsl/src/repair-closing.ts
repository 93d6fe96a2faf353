import type { IToken } from "chevrotain";
import type { RepairState } from "./repair-state.ts";
import { endOf, spanOf } from "./token-span.ts";
import { And, LeftBracket, LeftParen, Or, RightBracket, RightParen } from "./tokens.ts";

/** Closing parentheses and brackets that do not fit what is open. */
export function repairClosing(state: RepairState): boolean {
  const token = state.peek();
  if (token === undefined) return false;
  const type = token.tokenType;
  const endsList = type === And || type === Or || type === RightParen;
  if (endsList && state.inList) {
    closeLast(state, token.startOffset);
    return true;
  }
  if (type === RightParen || type === RightBracket) {
    const opening = type === RightParen ? LeftParen : LeftBracket;
    if (state.open.at(-1)?.tokenType === opening) return false;
    state.report({
      code: "unexpected_closing",
      span: spanOf(token),
      message: `There is no \`${type === RightParen ? "(" : "["}\` before this \`${token.image}\`.`,
      hint: "Leave it out, or open one where it belongs",
    });
    state.drop();
    return true;
  }
  return false;
}

/** Closes what is still open at the end of the text. */
export function closeOpen(state: RepairState): void {
  const last = state.output.at(-1);
  if (last === undefined) return;
  const end = endOf(last);
  while (state.open.length > 0) closeLast(state, end);
}

function closeLast(state: RepairState, offset: number): void {
  const opening: IToken | undefined = state.open.at(-1);
  if (opening === undefined) return;
  const [closing, image] = opening.tokenType === LeftBracket ? [RightBracket, "]"] : [RightParen, ")"];
  // An inserted opening has been reported already.
  if (opening.image !== "") {
    state.report({
      code: "missing_closing",
      span: spanOf(opening),
      message: `This \`${opening.image}\` is never closed.`,
      hint: `Put a \`${image}\` where it ends`,
    });
  }
  state.insert(closing, offset);
}
