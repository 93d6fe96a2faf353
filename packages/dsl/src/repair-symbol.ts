import type { IToken, TokenType } from "chevrotain";
import { SYMBOL_REPLACEMENTS } from "./lexical-faults.ts";
import { tokenLike } from "./token-span.ts";
import {
  And,
  Equal,
  GreaterOrEqual,
  LessOrEqual,
  MalformedName,
  MalformedNumber,
  Name,
  Not,
  NotEqual,
  NumberLiteral,
  Or,
  TextLiteral,
  TypographicText,
  UnterminatedText,
  WrongSymbol,
} from "./tokens.ts";

const MEANT: ReadonlyMap<TokenType, TokenType> = new Map([
  [UnterminatedText, TextLiteral],
  [TypographicText, TextLiteral],
  [MalformedNumber, NumberLiteral],
  [MalformedName, Name],
]);

const SYMBOL_TYPES: ReadonlyMap<string, TokenType> = new Map([
  ["==", Equal],
  ["!=", NotEqual],
  [">=", GreaterOrEqual],
  ["<=", LessOrEqual],
  ["AND", And],
  ["OR", Or],
  ["NOT", Not],
]);

/** The right token in place of one that the lexer has already called a mistake. */
export function asMeant(token: IToken): IToken {
  const replacement = token.tokenType === WrongSymbol ? SYMBOL_REPLACEMENTS[token.image] : undefined;
  const type = replacement === undefined ? MEANT.get(token.tokenType) : SYMBOL_TYPES.get(replacement);
  return type === undefined ? token : tokenLike(type, token.image, token.startOffset);
}
