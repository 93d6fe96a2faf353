import { createTokenInstance, type IToken, type TokenType } from "chevrotain";
import type { TextSpan } from "./text-range.ts";

/** Offset after the last character of a token. */
export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

/** The stretch of a token. */
export function spanOf(token: IToken): TextSpan {
  return { start: token.startOffset, end: endOf(token) };
}

/** The stretch from one token to another, both included. */
export function spanBetween(first: IToken, last: IToken): TextSpan {
  return { start: first.startOffset, end: endOf(last) };
}

/** A token of another type that stands for the same words; with an empty image it stands for something missing. */
export function tokenLike(type: TokenType, image: string, startOffset: number): IToken {
  const nowhere = Number.NaN;
  return createTokenInstance(type, image, startOffset, startOffset + image.length, nowhere, nowhere, nowhere, nowhere);
}
