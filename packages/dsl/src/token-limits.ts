import type { IToken } from "chevrotain";
import type { Finding } from "./diagnostics.ts";
import { RULE_LIMITS } from "./limits.ts";
import { deepestToken } from "./nesting.ts";
import { spanOf } from "./token-span.ts";
import { And, Comma, LeftBracket, Name, Not, Or, Segment } from "./tokens.ts";

/** Tells whether a text is too long to be cut into words at all. */
export function textLimitFault(text: string): Finding | undefined {
  if (text.length <= RULE_LIMITS.textLength) return undefined;
  return {
    code: "text_too_long",
    span: { start: RULE_LIMITS.textLength, end: text.length },
    message: `The rule is ${text.length} characters long; ${RULE_LIMITS.textLength} are allowed.`,
    hint: "Let the application send an attribute that says the same in one word",
  };
}

/**
 * Tells which limit the words of a text break. Runs before the parser, because the parser recurses: it must never see
 * tokens that nest deeper than the stack holds.
 */
export function tokenLimitFault(tokens: readonly IToken[]): Finding | undefined {
  const overflow = tokens[RULE_LIMITS.tokens];
  if (overflow !== undefined) {
    return {
      code: "too_many_tokens",
      span: spanOf(overflow),
      message: `The rule has more than ${RULE_LIMITS.tokens} words, values and symbols.`,
    };
  }
  return nestingFault(tokens) ?? countFault(tokens);
}

function nestingFault(tokens: readonly IToken[]): Finding | undefined {
  const deepest = deepestToken(tokens);
  if (deepest.depth <= RULE_LIMITS.depth || deepest.token === undefined) return undefined;
  return {
    code: "nested_too_deep",
    span: spanOf(deepest.token),
    message: `Parentheses and \`NOT\` nest more than ${RULE_LIMITS.depth} deep here.`,
  };
}

function countFault(tokens: readonly IToken[]): Finding | undefined {
  let nodes = 0;
  let listItems = 0;
  for (const token of tokens) {
    const type = token.tokenType;
    if (type === LeftBracket) listItems = 1;
    else if (type === Comma) listItems += 1;
    else if (type === Name || type === And || type === Or || type === Not || type === Segment) nodes += 1;
    if (nodes > RULE_LIMITS.nodes) {
      return {
        code: "too_many_conditions",
        span: spanOf(token),
        message: `The rule has more than ${RULE_LIMITS.nodes} conditions and connectives.`,
      };
    }
    if (listItems > RULE_LIMITS.listItems) {
      return {
        code: "list_too_long",
        span: spanOf(token),
        message: `The list has more than ${RULE_LIMITS.listItems} values.`,
        hint: "Let the application send an attribute that says who belongs to the group",
      };
    }
  }
  return undefined;
}
