import type { ParsedRule, Rule, RuleParser } from "@lotty/domain";
import { toDiagnostics, type Diagnostic, type Finding } from "./diagnostics.ts";
import { findFaults } from "./find-faults.ts";
import { lex } from "./lexer.ts";
import { parseStrictly } from "./parse-tokens.ts";
import type { NodeSpans, RuleSource } from "./rule-source.ts";
import { textLimitFault, tokenLimitFault } from "./token-limits.ts";
import { isBlank } from "./white-space.ts";

/** A text that is a rule. */
export interface ParseSuccess {
  readonly ok: true;
  /** `null` for a blank text, which takes everyone. */
  readonly rule: Rule | null;
  readonly source: RuleSource;
}

/** A text that is no rule, and all that is wrong with it; at least one diagnostic, in the order of the text. */
export interface ParseFailure {
  readonly ok: false;
  readonly diagnostics: readonly Diagnostic[];
}

/** What became of a text. */
export type ParseResult = ParseSuccess | ParseFailure;

const NO_SPANS: ReadonlyMap<Rule, NodeSpans> = new Map();

/**
 * Reads the text of a targeting rule. `null` and text of nothing but white space are the blank rule.
 *
 * Never throws: every text, within {@link RULE_LIMITS} or not, gives a result. Linear in the length of the text.
 */
export function parse(text: string | null): ParseResult {
  if (text === null || isBlank(text)) return { ok: true, rule: null, source: { text: text ?? "", spans: NO_SPANS } };
  const tooLong = textLimitFault(text);
  if (tooLong !== undefined) return { ok: false, diagnostics: toDiagnostics(text, [tooLong]) };
  const lexed = lex(text);
  const tooMuch = tokenLimitFault(lexed.tokens);
  if (tooMuch !== undefined) return { ok: false, diagnostics: toDiagnostics(text, [tooMuch]) };
  if (lexed.tokens.length === 0 && lexed.findings.length === 0) return onlyComments(text);

  if (lexed.findings.length === 0) {
    const { rule, spans, errors, findings } = parseStrictly(lexed.tokens);
    if (errors.length === 0) {
      if (findings.length > 0) return { ok: false, diagnostics: toDiagnostics(text, findings) };
      return { ok: true, rule, source: { text, spans } };
    }
  }
  return { ok: false, diagnostics: toDiagnostics(text, findFaults(text, lexed)) };
}

/** The parser port of the domain: {@link parse}, with the first diagnostic's message on a fault. */
export const parseRule: RuleParser = (text: string): ParsedRule => {
  const result = parse(text);
  if (result.ok) return { ok: true, rule: result.rule };
  const [first] = result.diagnostics;
  return { ok: false, message: first === undefined ? "The rule cannot be read." : messageWithPlace(first) };
};

function messageWithPlace({ message, range }: Diagnostic): string {
  return `Line ${range.start.line}, column ${range.start.column}: ${message}`;
}

function onlyComments(text: string): ParseFailure {
  const finding: Finding = {
    code: "only_comments",
    span: { start: 0, end: text.length },
    message: "The rule has nothing but comments.",
    hint: "Empty the text to take everyone",
  };
  return { ok: false, diagnostics: toDiagnostics(text, [finding]) };
}
