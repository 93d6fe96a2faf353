import { createToken, Lexer, type TokenType } from "chevrotain";
import { matchName } from "./name-pattern.ts";
import { WHITE_SPACE } from "./white-space.ts";

/** A quoted text. A backslash carries the character after it along, so that `\"` does not end the text. */
const QUOTED = `(?:"[^"\\\\]*(?:\\\\[\\s\\S][^"\\\\]*)*"|'[^'\\\\]*(?:\\\\[\\s\\S][^'\\\\]*)*')`;

// Types that more than one word belongs to; the lexer never makes them.
export const Literal: TokenType = createToken({ name: "Literal", pattern: Lexer.NA });
export const ComparisonOperator: TokenType = createToken({ name: "ComparisonOperator", pattern: Lexer.NA });
export const TextKeyword: TokenType = createToken({ name: "TextKeyword", pattern: Lexer.NA });

// Keywords come out of the lexer as names and are told apart afterwards: a name counts as a whole.
export const And: TokenType = createToken({ name: "And", pattern: Lexer.NA });
export const Or: TokenType = createToken({ name: "Or", pattern: Lexer.NA });
export const Not: TokenType = createToken({ name: "Not", pattern: Lexer.NA });
export const In: TokenType = createToken({ name: "In", pattern: Lexer.NA });
export const Segment: TokenType = createToken({ name: "Segment", pattern: Lexer.NA });
export const Between: TokenType = createToken({ name: "Between", pattern: Lexer.NA });
export const Contains: TokenType = createToken({ name: "Contains", pattern: Lexer.NA });
export const StartsWith: TokenType = createToken({ name: "StartsWith", pattern: Lexer.NA, categories: TextKeyword });
export const EndsWith: TokenType = createToken({ name: "EndsWith", pattern: Lexer.NA, categories: TextKeyword });
export const Matches: TokenType = createToken({ name: "Matches", pattern: Lexer.NA, categories: TextKeyword });
export const Exists: TokenType = createToken({ name: "Exists", pattern: Lexer.NA });
export const True: TokenType = createToken({ name: "True", pattern: Lexer.NA, categories: Literal });
export const False: TokenType = createToken({ name: "False", pattern: Lexer.NA, categories: Literal });
export const Null: TokenType = createToken({ name: "Null", pattern: Lexer.NA, categories: Literal });

export const Space: TokenType = createToken({
  name: "Space",
  pattern: new RegExp(`[${WHITE_SPACE}]+`),
  group: Lexer.SKIPPED,
  line_breaks: true,
});
export const Comment: TokenType = createToken({
  name: "Comment",
  pattern: /#[^\n\r]*/,
  group: "comments",
  start_chars_hint: ["#"],
});

export const TextLiteral: TokenType = createToken({
  name: "TextLiteral",
  pattern: new RegExp(QUOTED),
  line_breaks: true,
  start_chars_hint: ['"', "'"],
  categories: Literal,
});
export const NumberLiteral: TokenType = createToken({
  name: "NumberLiteral",
  pattern: /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/,
  categories: Literal,
});
/** One token, so that `semver` and `date` stay names everywhere else. */
export const VersionLiteral: TokenType = createToken({
  name: "VersionLiteral",
  pattern: new RegExp(`[sS][eE][mM][vV][eE][rR][${WHITE_SPACE}]*\\([${WHITE_SPACE}]*${QUOTED}[${WHITE_SPACE}]*\\)`),
  line_breaks: true,
  start_chars_hint: ["s", "S"],
  categories: Literal,
});
export const DateLiteral: TokenType = createToken({
  name: "DateLiteral",
  pattern: new RegExp(`[dD][aA][tT][eE][${WHITE_SPACE}]*\\([${WHITE_SPACE}]*${QUOTED}[${WHITE_SPACE}]*\\)`),
  line_breaks: true,
  start_chars_hint: ["d", "D"],
  categories: Literal,
});

// Mistakes that the lexer takes as a whole, to name them instead of stumbling over each character.
export const UnterminatedText: TokenType = createToken({
  name: "UnterminatedText",
  pattern: /["'][^\n\r]*/,
  start_chars_hint: ['"', "'"],
});
export const TypographicText: TokenType = createToken({
  name: "TypographicText",
  pattern: /[“”„‟«][^“”„‟»"\n\r]*[“”„‟»"]|[‘’‚‹`][^‘’‚›`'\n\r]*[‘’‚›`']/,
  start_chars_hint: ["“", "”", "„", "‟", "«", "‘", "’", "‚", "‹", "`"],
});
export const MalformedNumber: TokenType = createToken({
  name: "MalformedNumber",
  pattern:
    /\d{4}-\d\d-\d\d[\dTtZz:.+-]*|-?\d+(?:\.\d+){2,}[\w.+-]*|-?\d+\.(?!\d)|[-+]?\.\d[\w.]*|\+\d[\w.]*|-?\d+(?:_\d+)+|-?0[xX][\da-fA-F]+/,
  start_chars_hint: [..."0123456789.+-"],
});
export const MalformedName: TokenType = createToken({
  name: "MalformedName",
  pattern: /\.*[A-Za-z_]\w*(?:(?:\.+|-+(?=[A-Za-z_]))\w+)*\.*/,
});
export const WrongSymbol: TokenType = createToken({
  name: "WrongSymbol",
  pattern: /===|!==|<>|=[<>]|[≠≥≤¬]|&&?|\|\|?|=(?!=)|!(?!=)/,
  start_chars_hint: [..."=!<&|≠≥≤¬"],
});

/** A path as one token, so that no white space can slip in around its dots. */
export const Name: TokenType = createToken({
  name: "Name",
  pattern: matchName,
  line_breaks: true,
  start_chars_hint: [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"],
  longer_alt: MalformedName,
});

const operator = (name: string, pattern: string): TokenType =>
  createToken({ name, pattern, categories: ComparisonOperator });
export const Equal: TokenType = operator("Equal", "==");
export const NotEqual: TokenType = operator("NotEqual", "!=");
export const GreaterOrEqual: TokenType = operator("GreaterOrEqual", ">=");
export const LessOrEqual: TokenType = operator("LessOrEqual", "<=");
export const Greater: TokenType = operator("Greater", ">");
export const Less: TokenType = operator("Less", "<");
export const LeftParen: TokenType = createToken({ name: "LeftParen", pattern: "(" });
export const RightParen: TokenType = createToken({ name: "RightParen", pattern: ")" });
export const LeftBracket: TokenType = createToken({ name: "LeftBracket", pattern: "[" });
export const RightBracket: TokenType = createToken({ name: "RightBracket", pattern: "]" });
export const Comma: TokenType = createToken({ name: "Comma", pattern: "," });

/** What the lexer tries, in this order. */
export const LEXED_TOKENS: TokenType[] = [
  Space,
  Comment,
  TextLiteral,
  UnterminatedText,
  TypographicText,
  MalformedNumber,
  NumberLiteral,
  VersionLiteral,
  DateLiteral,
  Name,
  MalformedName,
  WrongSymbol,
  Equal,
  NotEqual,
  GreaterOrEqual,
  LessOrEqual,
  Greater,
  Less,
  LeftParen,
  RightParen,
  LeftBracket,
  RightBracket,
  Comma,
];

/** What the parser may meet. */
export const PARSED_TOKENS: TokenType[] = [
  ...LEXED_TOKENS,
  Literal,
  ComparisonOperator,
  TextKeyword,
  And,
  Or,
  Not,
  In,
  Segment,
  Between,
  Contains,
  StartsWith,
  EndsWith,
  Matches,
  Exists,
  True,
  False,
  Null,
];
