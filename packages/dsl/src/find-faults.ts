import type { Finding } from "./diagnostics.ts";
import type { LexedRule } from "./lexer.ts";
import { RULE_LIMITS } from "./limits.ts";
import { parseTolerantly } from "./parse-tokens.ts";
import { repair } from "./repair.ts";
import { describeSyntaxFault } from "./syntax-faults.ts";
import type { TextSpan } from "./text-range.ts";
import { UnterminatedText } from "./tokens.ts";
import { isBlank } from "./white-space.ts";

/**
 * Everything that is wrong with a text that is known to be no rule: wrong words, mistakes that can be mended, and what
 * the parser still stumbles over once they are mended. One fault is told once, by the first of these to see it.
 */
export function findFaults(text: string, { tokens, findings }: LexedRule): readonly Finding[] {
  const repaired = repair(tokens);
  const parsed = parseTolerantly(repaired.tokens);
  const syntax = parsed.errors
    .slice(0, RULE_LIMITS.diagnostics)
    .map((error) => describeSyntaxFault(error, repaired.tokens));
  const strays = findings.filter(({ code }) => code === "unexpected_character").slice(0, RULE_LIMITS.diagnostics);
  // A text without end has swallowed whatever closes parentheses and brackets.
  const swallowed = tokens.some((token) => token.tokenType === UnterminatedText);

  const told: Finding[] = [];
  for (const finding of [...repaired.findings, ...parsed.findings, ...syntax]) {
    if (told.length >= RULE_LIMITS.diagnostics) break;
    const echo =
      told.some(({ span }) => overlap(span, finding.span)) ||
      strays.some(({ span }) => touch(text, span, finding.span)) ||
      (swallowed && finding.code === "missing_closing");
    if (!echo) told.push(finding);
  }
  return [...told, ...findings.filter(({ span }) => !told.some((other) => overlap(span, other.span)))];
}

function overlap(a: TextSpan, b: TextSpan): boolean {
  return a.start === b.start || (a.start < b.end && b.start < a.end);
}

/** Whether nothing but white space lies between two spans. */
function touch(text: string, a: TextSpan, b: TextSpan): boolean {
  const [first, second] = a.start <= b.start ? [a, b] : [b, a];
  return second.start <= first.end || isBlank(text.slice(first.end, second.start));
}
