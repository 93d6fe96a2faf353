import { EOF, type IRecognitionException, type IToken } from "chevrotain";
import type { Finding } from "./diagnostics.ts";
import { excerpt } from "./excerpt.ts";
import { isKeyword } from "./keywords.ts";
import { quoteText } from "./quoted-text.ts";
import { isA } from "./token-kind.ts";
import { endOf, spanOf } from "./token-span.ts";
import {
  And,
  Between,
  Comma,
  ComparisonOperator,
  Contains,
  Exists,
  In,
  LeftBracket,
  LeftParen,
  Literal,
  Not,
  RightBracket,
  RightParen,
  Segment,
  TextKeyword,
  TextLiteral,
} from "./tokens.ts";

/** Puts an exception of the parser into words. `tokens` are those that the parser read. */
export function describeSyntaxFault(error: IRecognitionException, tokens: readonly IToken[]): Finding {
  const index = error.token.tokenType === EOF ? tokens.length : tokens.indexOf(error.token);
  const place: FaultPlace = {
    token: tokens[index],
    next: tokens[index + 1],
    previous: tokens[index - 1],
    rule: error.context.ruleStack.at(-1) ?? "",
    expected: error.message,
  };
  switch (place.rule) {
    case "condition":
      return conditionFault(place);
    case "test":
      return testFault(place);
    case "segment":
      return segmentFault(place, tokens[index - 2]);
    case "literal":
      return valueFault(place);
    case "list":
      return listFault(place);
    default:
      return unexpectedWord(place);
  }
}

/** Where the parser stopped. */
interface FaultPlace {
  /** Absent at the end of the text. */
  readonly token: IToken | undefined;
  readonly next: IToken | undefined;
  readonly previous: IToken | undefined;
  /** The grammar rule it was in. */
  readonly rule: string;
  /** Name of the token type it wanted; empty when there were several. */
  readonly expected: string;
}

function conditionFault(place: FaultPlace): Finding {
  const { token, next, previous } = place;
  if (token !== undefined && isKeywordName(token, next)) return keywordAsName(token);
  if (token !== undefined && isA(token, Literal)) {
    return {
      code: "value_before_attribute",
      span: spanOf(token),
      message: `A condition begins with the name of an attribute, not with the value ${excerpt(token.image)}.`,
      hint: 'Write the attribute on the left, as in country == "DE"',
    };
  }
  return {
    code: "missing_condition",
    span: placeOf(place),
    message: `A condition is missing ${whereabouts(token, previous)}.`,
    hint: token !== undefined && isOperator(token) ? `Write an attribute before \`${token.image}\`` : undefined,
  };
}

function testFault(place: FaultPlace): Finding {
  const { token, previous } = place;
  if (place.expected === TextLiteral.name) return valueFault(place);
  if (place.expected === And.name) {
    return {
      code: "missing_value",
      span: placeOf(place),
      message: "`BETWEEN` needs two values with `AND` between them.",
      hint: "Write it as in age BETWEEN 18 AND 65",
    };
  }
  if (previous?.tokenType === Not) {
    return {
      code: "misplaced_not",
      span: spanOf(previous),
      message: "After an attribute, `NOT` stands only before `IN`.",
      hint: 'Put `NOT` before the attribute, as in NOT country == "DE"',
    };
  }
  const name = previous === undefined ? "the attribute" : excerpt(previous.image);
  const value = token !== undefined && isA(token, Literal) ? token.image : undefined;
  return {
    code: "missing_operator",
    span: value === undefined && previous !== undefined ? spanOf(previous) : placeOf(place),
    message:
      value === undefined
        ? `The rule does not say what ${name} has to be.`
        : `An operator such as \`==\` is missing between ${name} and ${excerpt(value)}.`,
    hint:
      value === undefined
        ? 'Write a test after it, such as EXISTS or == "DE"'
        : "The operators are == != > >= < <= IN CONTAINS STARTS_WITH ENDS_WITH MATCHES BETWEEN EXISTS",
  };
}

/** An `IN` with nothing before it is only taken for the beginning of `IN SEGMENT`. */
function segmentFault(place: FaultPlace, beforePrevious: IToken | undefined): Finding {
  if (place.expected !== Segment.name) return valueFault(place);
  const { token, previous } = place;
  return conditionFault({ ...place, token: previous, next: token, previous: beforePrevious });
}

function valueFault(place: FaultPlace): Finding {
  const { token, previous } = place;
  const operator = previous === undefined ? "the operator" : excerpt(previous.image);
  if (place.expected === TextLiteral.name && token !== undefined && isA(token, Literal)) {
    return {
      code: "wrong_value",
      span: spanOf(token),
      message: `${operator} takes a text in quotes.`,
      hint: `Did you mean ${quoteText(token.image)}?`,
    };
  }
  const inList = previous?.tokenType === Comma || token?.tokenType === Comma;
  return {
    code: "missing_value",
    span: placeOf(place),
    message: inList ? `A value is missing ${whereabouts(token, previous)}.` : `A value is missing after ${operator}.`,
    hint: inList && token?.tokenType === RightBracket ? "Leave out the last comma" : undefined,
  };
}

function listFault(place: FaultPlace): Finding {
  if (place.token?.tokenType === Comma) return valueFault(place);
  if (place.expected !== LeftBracket.name) return unexpectedWord(place);
  return {
    code: "missing_value",
    span: placeOf(place),
    message: "A list is missing after `IN`.",
    hint: 'Write the values in square brackets, as in country IN ["DE", "FR"]',
  };
}

function unexpectedWord(place: FaultPlace): Finding {
  const { token, previous } = place;
  return {
    code: "unexpected_word",
    span: placeOf(place),
    message:
      token === undefined
        ? `The rule ends too early${previous === undefined ? "" : ` after ${excerpt(previous.image)}`}.`
        : `${excerpt(token.image)} cannot stand here.`,
  };
}

/** A keyword in front of an operator was probably meant as the name of an attribute. */
function isKeywordName(token: IToken, next: IToken | undefined): boolean {
  return next !== undefined && isKeyword(token.image) && isOperator(next);
}

function keywordAsName(token: IToken): Finding {
  return {
    code: "keyword_as_name",
    span: spanOf(token),
    message: `\`${token.image}\` is a word of the rule language, so it cannot be a name by itself.`,
    hint: `Write attributes[${quoteText(token.image)}]`,
  };
}

function isOperator(token: IToken): boolean {
  return [ComparisonOperator, In, Contains, TextKeyword, Between, Exists].some((type) => isA(token, type));
}

/** The word itself, or the empty place behind the last word. */
function placeOf({ token, previous }: FaultPlace): { start: number; end: number } {
  if (token !== undefined && token.image !== "") return spanOf(token);
  const end = previous === undefined ? 0 : endOf(previous);
  return { start: end, end };
}

function whereabouts(token: IToken | undefined, previous: IToken | undefined): string {
  const before = token === undefined || token.image === "" ? undefined : excerpt(token.image);
  const after = previous === undefined || previous.image === "" ? undefined : excerpt(previous.image);
  if (previous?.tokenType === LeftParen && token?.tokenType === RightParen) return "in the parentheses";
  if (before !== undefined && after !== undefined) return `between ${after} and ${before}`;
  if (before !== undefined) return `before ${before}`;
  return after === undefined ? "here" : `after ${after}`;
}
