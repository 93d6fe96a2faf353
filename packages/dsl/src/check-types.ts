import type { AttributeClause, RuleLiteral } from "@lotty/domain";
import { formatPath } from "./attribute-path.ts";
import type { AttributeType, SchemaIndex } from "./attribute-schema.ts";
import { literalsOf } from "./check-clause.ts";
import type { Finding } from "./diagnostics.ts";
import { excerpt } from "./excerpt.ts";
import { isOrdering } from "./operators.ts";
import type { NodeSpans } from "./rule-source.ts";

/** A condition and where it stands. */
export interface PlacedClause {
  readonly clause: AttributeClause;
  readonly spans: NodeSpans;
}

const TYPE_NAMES: Readonly<Record<RuleLiteral["type"] | AttributeType, string>> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  null: "null",
  semver: "a version",
  date: "a date",
  list: "a list",
  object: "an object",
};

/** Finds attributes that are compared with values that cannot all be of the attribute's type. */
export function checkMixedTypes(clauses: readonly PlacedClause[]): readonly Finding[] {
  const first = new Map<string, RuleLiteral["type"]>();
  const told = new Set<string>();
  const findings: Finding[] = [];
  for (const { clause, spans } of clauses) {
    // CONTAINS asks for the elements of a list, which may be of any types.
    if (clause.kind === "contains") continue;
    const name = formatPath(clause.path);
    for (const [index, { type }] of literalsOf(clause).entries()) {
      const known = first.get(name) ?? type;
      if (type === "null" || told.has(name)) continue;
      if (sameType(known, type)) {
        // A version or date says more about the attribute than a plain text does.
        first.set(name, known === "string" ? type : known);
        continue;
      }
      told.add(name);
      findings.push({
        code: "mixed_types",
        span: spans.values[index] ?? spans.whole,
        message: `${excerpt(name)} is compared with ${TYPE_NAMES[type]} here and with ${TYPE_NAMES[known]} before; a value is of one type only.`,
        hint: '1 and "1" are different values',
      });
    }
  }
  return findings;
}

/** Compares conditions with what the application says about its attributes. */
export function checkSchema(clauses: readonly PlacedClause[], schema: SchemaIndex): readonly Finding[] {
  return clauses.flatMap(({ clause, spans }): readonly Finding[] => {
    const name = excerpt(formatPath(clause.path));
    const span = spans.path ?? spans.whole;
    const answer = schema.ask(clause.path);
    if (!answer.known) {
      const hint = answer.meant === undefined ? undefined : `Did you mean ${excerpt(answer.meant)}?`;
      return [{ code: "unknown_attribute", span, message: `No attribute is called ${name}.`, hint }];
    }
    const { type } = answer;
    if (type === undefined) return [];
    const clash = literalsOf(clause).findIndex((literal) => !fits(clause, literal, type));
    const literal = literalsOf(clause)[clash];
    if (literal === undefined) return [];
    return [
      {
        code: "type_mismatch",
        span: spans.values[clash] ?? spans.whole,
        message: `${name} is ${TYPE_NAMES[type]}, which this test with ${TYPE_NAMES[literal.type]} does not fit.`,
        hint: typeHint(literal, type),
      },
    ];
  });
}

function typeHint(literal: RuleLiteral, type: AttributeType): string | undefined {
  if (literal.type === "string" && type === "semver") return 'A text is compared letter by letter; write semver("…")';
  if (literal.type === "string" && type === "date") return 'A text is compared letter by letter; write date("…")';
  if (type === "list") return "A list is asked with CONTAINS";
  return undefined;
}

/** Whether a test of an attribute of this type with this literal can come out both ways. */
function fits(clause: AttributeClause, literal: RuleLiteral, type: AttributeType): boolean {
  const isText = type === "string" || type === "semver" || type === "date";
  switch (clause.kind) {
    case "exists":
      return true;
    case "text":
      return isText;
    case "contains":
      return type === "list" || (isText && literal.type === "string");
    case "comparison":
      return fitsComparison(literal, type, isOrdering(clause.operator));
    case "membership":
      return fitsComparison(literal, type, false);
    case "between":
      return fitsComparison(literal, type, true);
  }
}

function fitsComparison(literal: RuleLiteral, type: AttributeType, ordering: boolean): boolean {
  // What an application may leave empty is often asked for null.
  if (literal.type === "null") return !ordering;
  if (literal.type === "string" && (type === "semver" || type === "date")) return !ordering;
  return literal.type === type || (type === "string" && (literal.type === "semver" || literal.type === "date"));
}

function sameType(a: RuleLiteral["type"], b: RuleLiteral["type"]): boolean {
  if (a === b) return true;
  const texts = ["string", "semver", "date"];
  return texts.includes(a) && texts.includes(b) && (a === "string" || b === "string");
}
