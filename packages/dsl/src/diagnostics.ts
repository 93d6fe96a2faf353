import { RULE_LIMITS } from "./limits.ts";
import { LineIndex, type TextRange, type TextSpan } from "./text-range.ts";

/** `error`: the text is no rule and takes nobody. `warning`: it is a rule, but hardly the one that was meant. */
export type DiagnosticSeverity = "error" | "warning";

/** Every diagnostic code and how serious it is. Codes are part of the public contract and stay as they are. */
export const DIAGNOSTIC_CODES = {
  /** A character that means nothing in rules. */
  unexpected_character: "error",
  /** A text without its closing quote. */
  unterminated_text: "error",
  /** Quotes of a word processor instead of plain ones. */
  typographic_quotes: "error",
  /** Something like a number, version or date that is not written as one. */
  malformed_number: "error",
  /** Something like an attribute name that is not written as one. */
  malformed_name: "error",
  /** A symbol of another language. */
  wrong_symbol: "error",
  /** A keyword that is nearly right, or of another language. */
  misspelt_keyword: "error",
  /** A keyword used as the name of an attribute. */
  keyword_as_name: "error",
  /** Nothing but comments. */
  only_comments: "error",
  /** No condition where one has to be. */
  missing_condition: "error",
  /** An attribute without a test. */
  missing_operator: "error",
  /** A test without its value. */
  missing_value: "error",
  /** A value of a kind that the operator does not take. */
  wrong_value: "error",
  /** A text without quotes. */
  missing_quotes: "error",
  /** `IN` without square brackets around its values. */
  missing_brackets: "error",
  /** Two conditions without `AND` or `OR` between them. */
  missing_connective: "error",
  /** An opening parenthesis or bracket that is never closed. */
  missing_closing: "error",
  /** A closing parenthesis or bracket that was never opened. */
  unexpected_closing: "error",
  /** `NOT` between an attribute and an operator other than `IN`. */
  misplaced_not: "error",
  /** The value stands left of the operator. */
  value_before_attribute: "error",
  /** `semver("...")` around something that is no semantic version. */
  invalid_version: "error",
  /** `date("...")` around something that is no date. */
  invalid_date: "error",
  /** The ends of `BETWEEN` are of different kinds or have no order. */
  invalid_range: "error",
  /** Something that cannot stand where it stands. */
  unexpected_word: "error",
  /** The text is longer than the limit. */
  text_too_long: "error",
  /** More words, values and symbols than the limit. */
  too_many_tokens: "error",
  /** Parentheses or `NOT` nest deeper than the limit. */
  nested_too_deep: "error",
  /** More conditions than the limit. */
  too_many_conditions: "error",
  /** More values in a list than the limit. */
  list_too_long: "error",
  /** The patterns together cost more to prepare than the limit. */
  patterns_too_large: "error",
  /** An order comparison with a value that has no order: an evaluation error for everyone who has the attribute. */
  no_order: "warning",
  /** One attribute is compared with values of different types. */
  mixed_types: "warning",
  /** The test does not fit the attribute's type in the schema. */
  type_mismatch: "warning",
  /** The schema does not know the attribute. */
  unknown_attribute: "warning",
  /** No segment has this name, as far as the caller knows them: an evaluation error for everyone. */
  unknown_segment: "warning",
  /** True for nobody. */
  never_matches: "warning",
  /** True for everyone, or for everyone who has the attribute. */
  always_matches: "warning",
  /** A value stands twice in a list. */
  duplicate_value: "warning",
  /** A condition stands twice in one `AND` or `OR`. */
  duplicate_condition: "warning",
  /** A pattern that the pattern engine refuses: an evaluation error for everyone whose attribute is a text. */
  invalid_pattern: "warning",
  /** A number that cannot be held exactly. */
  inexact_number: "warning",
} as const;

/** One of {@link DIAGNOSTIC_CODES}. */
export type DiagnosticCode = keyof typeof DIAGNOSTIC_CODES;

/** Something to tell the author of a rule. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: DiagnosticSeverity;
  /** What is wrong, in words that need no knowledge of parsers. May quote a short part of the text. */
  readonly message: string;
  readonly range: TextRange;
  /** What to do about it, where that can be guessed. */
  readonly hint?: string;
}

/** A diagnostic before lines and columns are known. */
export interface Finding {
  readonly code: DiagnosticCode;
  readonly span: TextSpan;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Hints may quote the rule; longer ones are cut. */
const MAX_HINT_LENGTH = 200;

/** Turns findings into diagnostics: by place, at most {@link RULE_LIMITS.diagnostics}. */
export function toDiagnostics(text: string, findings: readonly Finding[]): readonly Diagnostic[] {
  const lines = new LineIndex(text);
  return findings
    .toSorted((a, b) => a.span.start - b.span.start)
    .slice(0, RULE_LIMITS.diagnostics)
    .map(({ code, span, message, hint }) => ({
      code,
      severity: DIAGNOSTIC_CODES[code],
      message,
      range: lines.rangeOf(span),
      ...(hint === undefined ? {} : { hint: shorten(hint) }),
    }));
}

function shorten(hint: string): string {
  return hint.length > MAX_HINT_LENGTH ? `${hint.slice(0, MAX_HINT_LENGTH - 1)}…` : hint;
}
