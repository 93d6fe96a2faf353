export type { AttributeSchema, AttributeType } from "./attribute-schema.ts";
export { check } from "./check.ts";
export { DIAGNOSTIC_CODES, type Diagnostic, type DiagnosticCode, type DiagnosticSeverity } from "./diagnostics.ts";
export { format, formatClause } from "./format.ts";
export { RULE_LIMITS } from "./limits.ts";
export { parse, parseRule, type ParseFailure, type ParseResult, type ParseSuccess } from "./parse.ts";
export { renderDiagnostic } from "./render-diagnostic.ts";
export type { NodeSpans, RuleSource } from "./rule-source.ts";
export type { TextPosition, TextRange, TextSpan } from "./text-range.ts";
