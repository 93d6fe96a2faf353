import { clausesOf, type Rule, type RuleClause } from "@lotty/domain";
import { SchemaIndex, type AttributeSchema } from "./attribute-schema.ts";
import { checkClause } from "./check-clause.ts";
import { checkSegments, type PlacedSegment } from "./check-segments.ts";
import { checkMixedTypes, checkSchema, type PlacedClause } from "./check-types.ts";
import { findContradiction } from "./contradiction.ts";
import { toDiagnostics, type Diagnostic, type Finding } from "./diagnostics.ts";
import { excerpt } from "./excerpt.ts";
import { factsOf, mayFail } from "./facts.ts";
import { formatClause } from "./format.ts";
import { formatPath } from "./attribute-path.ts";
import type { ParseSuccess } from "./parse.ts";
import type { NodeSpans, RuleSource } from "./rule-source.ts";

/**
 * Warns of what is a rule but hardly the one that was meant: values that do not fit together or do not fit the schema,
 * conditions that can never or always be true, patterns that cannot be used, attributes that do not exist.
 *
 * What it says about never and always holds for every subject; it keeps silent where it cannot tell. Never throws.
 *
 * @param schema the attributes that the application sends; without one, names and types are not compared with anything
 * @param segments names of the segments that there are; without them, names of segments are not compared with anything
 */
export function check(
  { rule, source }: ParseSuccess,
  schema?: AttributeSchema,
  segments?: Iterable<string>,
): readonly Diagnostic[] {
  if (rule === null) return [];
  const clauses: PlacedClause[] = [];
  const named: PlacedSegment[] = [];
  for (const clause of clausesOf(rule)) {
    const spans = spansOf(clause, source);
    if (clause.kind === "segment") named.push({ clause, spans });
    else clauses.push({ clause, spans });
  }
  const findings = [
    ...clauses.flatMap(({ clause, spans }) => checkClause(clause, spans, source.text)),
    ...checkMixedTypes(clauses),
    ...(schema === undefined ? [] : checkSchema(clauses, new SchemaIndex(schema))),
    ...(segments === undefined ? [] : checkSegments(named, new Set(segments))),
  ];
  const impossible = new Set<RuleClause>(clauses.map(({ clause }) => clause).filter(isImpossible));
  checkCombinations({ rule, inside: undefined }, { source, impossible, findings });
  return toDiagnostics(source.text, findings);
}

/** What is needed on the way through a tree. */
interface Walk {
  readonly source: RuleSource;
  /** Conditions that are never true by themselves; they have been told already. */
  readonly impossible: ReadonlySet<RuleClause>;
  readonly findings: Finding[];
}

/** A node, and the `AND` or `OR` whose operands include its own because it joins them in the same way. */
interface Place {
  readonly rule: Rule;
  readonly inside: "and" | "or" | undefined;
}

function checkCombinations({ rule, inside }: Place, walk: Walk): void {
  if (rule.kind === "not") checkCombinations({ rule: rule.operand, inside: undefined }, walk);
  if (rule.kind !== "and" && rule.kind !== "or") return;
  walk.findings.push(...repeatedConditions(rule.operands, walk.source));
  if (inside !== rule.kind) {
    const finding = rule.kind === "and" ? neverTrue(rule, walk) : alwaysTrue(rule, walk);
    if (finding !== undefined) walk.findings.push(finding);
  }
  for (const operand of rule.operands) checkCombinations({ rule: operand, inside: rule.kind }, walk);
}

function neverTrue(rule: Rule, { source, impossible }: Walk): Finding | undefined {
  const facts = factsOf(rule, true).filter(({ clause }) => !impossible.has(clause));
  const conflict = findContradiction(facts);
  if (conflict === undefined) return undefined;
  return {
    code: "never_matches",
    span: spansOf(conflict, source).whole,
    message: `This does not go together with the other conditions on ${subjectOf(conflict)} that have to hold as well: together they are true for nobody.`,
  };
}

function subjectOf(clause: RuleClause): string {
  return clause.kind === "segment" ? `the segment ${excerpt(clause.key)}` : excerpt(formatPath(clause.path));
}

function alwaysTrue(rule: Rule, { source, impossible }: Walk): Finding | undefined {
  // An evaluation error on the way would take nobody, so an OR that may end in one is not always true.
  if (mayFail(rule)) return undefined;
  const facts = factsOf(rule, false).filter(({ clause }) => !impossible.has(clause));
  if (findContradiction(facts) === undefined) return undefined;
  return {
    code: "always_matches",
    span: spansOf(rule, source).whole,
    message: "One of these conditions holds for everyone, so together they are true for everyone.",
  };
}

function isImpossible(clause: RuleClause): boolean {
  return findContradiction([{ clause, holds: true }]) !== undefined;
}

function repeatedConditions(operands: readonly Rule[], source: RuleSource): readonly Finding[] {
  const seen = new Set<string>();
  return operands.flatMap((operand): readonly Finding[] => {
    if (operand.kind === "and" || operand.kind === "or" || operand.kind === "not") return [];
    const text = formatClause(operand);
    if (!seen.has(text)) {
      seen.add(text);
      return [];
    }
    const span = spansOf(operand, source).whole;
    return [{ code: "duplicate_condition", span, message: `${excerpt(text)} stands here more than once.` }];
  });
}

function spansOf(rule: Rule, { text, spans }: RuleSource): NodeSpans {
  return spans.get(rule) ?? { whole: { start: 0, end: text.length }, values: [] };
}
