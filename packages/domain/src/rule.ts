/** Operators that compare for equality. */
export type EqualityOperator = "==" | "!=";

/** Operators that compare by order. */
export type OrderingOperator = ">" | ">=" | "<" | "<=";

/** Operators that look into a text. */
export type TextOperator = "STARTS_WITH" | "ENDS_WITH" | "MATCHES";

/** A constant in a rule. */
export type RuleLiteral =
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "null" }
  /** A semantic version as written; valid by semver.org 2.0.0. */
  | { readonly type: "semver"; readonly value: string }
  /** A point in time as written: RFC 3339 date-time, or a date that means midnight UTC. */
  | { readonly type: "date"; readonly value: string };

/** Names from the subject's attributes inwards; never empty. */
export type AttributePath = readonly string[];

/**
 * A parsed targeting rule. Plain data without positions: two rules that mean the same tree are deeply equal, and a tree
 * can be sent as JSON to processes that decide without the parser.
 */
export type Rule =
  | { readonly kind: "or"; readonly operands: readonly Rule[] }
  | { readonly kind: "and"; readonly operands: readonly Rule[] }
  | { readonly kind: "not"; readonly operand: Rule }
  | RuleClause;

/** The leaves of a rule. */
export type RuleClause = AttributeClause | SegmentClause;

/** A test of whether a subject is in a segment. Its meaning depends on the segments that the rule is compiled with. */
export interface SegmentClause {
  readonly kind: "segment";
  readonly key: string;
  /** `NOT IN SEGMENT`. */
  readonly negated: boolean;
}

/** A test of one attribute. */
export type AttributeClause =
  | {
      readonly kind: "comparison";
      readonly path: AttributePath;
      readonly operator: EqualityOperator | OrderingOperator;
      readonly literal: RuleLiteral;
    }
  | {
      readonly kind: "membership";
      readonly path: AttributePath;
      /** `NOT IN`. */
      readonly negated: boolean;
      readonly literals: readonly RuleLiteral[];
    }
  | {
      readonly kind: "between";
      readonly path: AttributePath;
      /** Both ends belong to the range. */
      readonly low: RuleLiteral;
      readonly high: RuleLiteral;
    }
  | { readonly kind: "contains"; readonly path: AttributePath; readonly literal: RuleLiteral }
  | {
      readonly kind: "text";
      readonly path: AttributePath;
      readonly operator: TextOperator;
      readonly operand: string;
    }
  | { readonly kind: "exists"; readonly path: AttributePath };

/** What became of a rule text: a tree, `null` for a blank text (takes everyone), or a fault (takes no one). */
export type ParsedRule =
  | { readonly ok: true; readonly rule: Rule | null }
  | { readonly ok: false; readonly message: string };
