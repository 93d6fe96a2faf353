import { parseDate, parseSemanticVersion, type RuleLiteral } from "@lotty/domain";
import type { IToken } from "chevrotain";
import type { Finding } from "./diagnostics.ts";
import { excerpt } from "./excerpt.ts";
import { quoteText, unquoteText } from "./quoted-text.ts";
import { DateLiteral, False, NumberLiteral, TextLiteral, True, VersionLiteral } from "./tokens.ts";

/** Reads a literal. The inside of versions and dates is checked by {@link literalFault}. */
export function readLiteral(token: IToken): RuleLiteral {
  switch (token.tokenType) {
    case TextLiteral:
      return { type: "string", value: unquoteText(token.image) };
    case NumberLiteral:
      // Adding zero turns -0 into 0, which is what the reference makes of it.
      return { type: "number", value: Number(token.image) + 0 };
    case True:
      return { type: "boolean", value: true };
    case False:
      return { type: "boolean", value: false };
    case VersionLiteral:
      return { type: "semver", value: argumentOf(token).value };
    case DateLiteral:
      return { type: "date", value: argumentOf(token).value };
    default:
      return { type: "null" };
  }
}

/** What is wrong inside of a `semver("...")` or `date("...")`. */
export function literalFault(token: IToken): Finding | undefined {
  if (token.tokenType === VersionLiteral) {
    const { value, span } = argumentOf(token);
    if (parseSemanticVersion(value) !== undefined) return undefined;
    return {
      code: "invalid_version",
      span,
      message: `${excerpt(value)} is not a semantic version.`,
      hint: "A version has three numbers and perhaps a suffix: 2.10.0 or 2.10.0-beta.1",
    };
  }
  if (token.tokenType === DateLiteral) {
    const { value, span } = argumentOf(token);
    if (parseDate(value) !== undefined) return undefined;
    return {
      code: "invalid_date",
      span,
      message: `${excerpt(value)} is not a date that exists.`,
      hint: "Write year-month-day, or a time with its zone: 2026-01-31 or 2026-01-31T10:00:00Z",
    };
  }
  return undefined;
}

/** Prints a literal so that it reads back the same. */
export function formatLiteral(literal: RuleLiteral): string {
  switch (literal.type) {
    case "string":
      return quoteText(literal.value);
    case "number":
      return formatNumber(literal.value);
    case "boolean":
      return literal.value ? "TRUE" : "FALSE";
    case "null":
      return "NULL";
    case "semver":
    case "date":
      return `${literal.type}(${quoteText(literal.value)})`;
  }
}

function formatNumber(value: number): string {
  // The language has no word for infinity, but any literal beyond the largest number means it.
  if (value === Infinity) return "1e999";
  if (value === -Infinity) return "-1e999";
  return String(value);
}

function argumentOf(token: IToken): { readonly value: string; readonly span: { start: number; end: number } } {
  const from = token.image.search(/["']/);
  const to = token.image.lastIndexOf(token.image.charAt(from)) + 1;
  const start = token.startOffset + from;
  return { value: unquoteText(token.image.slice(from, to)), span: { start, end: start + to - from } };
}
