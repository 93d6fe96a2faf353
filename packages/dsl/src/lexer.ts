import { Lexer, type IToken, type TokenType } from "chevrotain";
import type { Finding } from "./diagnostics.ts";
import { describeMistake, describeStrayCharacters } from "./lexical-faults.ts";
import type { Keyword } from "./keywords.ts";
import { RULE_LIMITS } from "./limits.ts";
import { tokenLike } from "./token-span.ts";
import {
  And,
  Between,
  Contains,
  EndsWith,
  Exists,
  False,
  In,
  LEXED_TOKENS,
  Matches,
  Name,
  Not,
  Null,
  Or,
  Segment,
  StartsWith,
  True,
} from "./tokens.ts";

const lexer = new Lexer(LEXED_TOKENS, { positionTracking: "onlyOffset" });

const KEYWORD_TOKENS: ReadonlyMap<string, TokenType> = new Map<Keyword, TokenType>([
  ["AND", And],
  ["OR", Or],
  ["NOT", Not],
  ["IN", In],
  ["CONTAINS", Contains],
  ["STARTS_WITH", StartsWith],
  ["ENDS_WITH", EndsWith],
  ["MATCHES", Matches],
  ["EXISTS", Exists],
  ["TRUE", True],
  ["FALSE", False],
  ["NULL", Null],
]);

/** The words of a text. */
export interface LexedRule {
  readonly tokens: readonly IToken[];
  /** Faults of single words, the first of each sort; with any of them the text is no rule. */
  readonly findings: readonly Finding[];
}

/** Cuts a text into words, and tells keywords from names. Linear in its length. */
export function lex(text: string): LexedRule {
  const { tokens: words, errors } = lexer.tokenize(text);
  const tokens: IToken[] = [];
  for (const word of words) {
    const type = word.tokenType === Name ? wordType(word.image, tokens.at(-1)) : word.tokenType;
    tokens.push(type === word.tokenType ? word : tokenLike(type, word.image, word.startOffset));
  }
  const findings = errors
    .slice(0, RULE_LIMITS.diagnostics)
    .map(({ offset, length }) => describeStrayCharacters(text, offset, length));
  const mistakes: Finding[] = [];
  for (const token of tokens) {
    const mistake = mistakes.length < RULE_LIMITS.diagnostics ? describeMistake(token) : undefined;
    if (mistake !== undefined) mistakes.push(mistake);
  }
  return { tokens, findings: [...findings, ...mistakes] };
}

function wordType(word: string, previous: IToken | undefined): TokenType {
  const upper = word.toUpperCase();
  // Two names in a row mean nothing else, so that an attribute may still be called "between".
  if (upper === "BETWEEN" && previous?.tokenType === Name) return Between;
  // A list follows every other IN, so that an attribute may still be called "segment".
  if (upper === "SEGMENT" && previous?.tokenType === In) return Segment;
  return KEYWORD_TOKENS.get(upper) ?? Name;
}
