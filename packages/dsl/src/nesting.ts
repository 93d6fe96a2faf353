import type { IToken } from "chevrotain";
import { LeftParen, Not, RightParen } from "./tokens.ts";

/** How deep the words of a text nest. */
export interface Nesting {
  readonly depth: number;
  /** The first word at that depth; absent when nothing nests. */
  readonly token: IToken | undefined;
}

/** Finds where parentheses and `NOT`s nest deepest, before the parser follows them down. Linear. */
export function deepestToken(tokens: readonly IToken[]): Nesting {
  /** For each open parenthesis, how deep the text around it and its `NOT`s is. */
  const around: number[] = [];
  let depth = 0;
  /** `NOT`s whose operand has not begun yet; the one of `NOT IN` counts too, but for one word only. */
  let negations = 0;
  let deepest: Nesting = { depth: 0, token: undefined };
  for (const token of tokens) {
    if (token.tokenType === LeftParen) {
      around.push(depth);
      depth += negations + 1;
      negations = 0;
    } else if (token.tokenType === RightParen) {
      depth = around.pop() ?? 0;
      negations = 0;
    } else {
      negations = token.tokenType === Not ? negations + 1 : 0;
    }
    if (depth + negations > deepest.depth) deepest = { depth: depth + negations, token };
  }
  return deepest;
}
