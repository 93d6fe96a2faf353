import type { AttributeClause, RuleLiteral } from "@lotty/domain";
import type { AttributeFact } from "./facts.ts";
import { compareLiterals, orderKind, type OrderKind } from "./literal-order.ts";
import { testPrimitive } from "./test-primitive.ts";

/** Types of the values that attributes have. */
type ValueType = "string" | "number" | "boolean" | "null" | "list" | "object";

/** An end of what an order leaves open. */
interface Bound {
  readonly literal: RuleLiteral;
  readonly inclusive: boolean;
}

/** Longer lists are not tried value by value; nothing is then claimed about them. */
const MAX_CANDIDATES = 50;

const ALL_TYPES: readonly ValueType[] = ["string", "number", "boolean", "null", "list", "object"];

/** What facts leave open for the value of one attribute that the subject has. */
export class ValueConstraints {
  private readonly facts: readonly AttributeFact[];
  private types: readonly ValueType[] = ALL_TYPES;
  private readonly lower = new Map<OrderKind, Bound>();
  private readonly upper = new Map<OrderKind, Bound>();
  /** The only values that are left, when they can be counted. */
  private candidates: readonly RuleLiteral[] | undefined;

  constructor(facts: readonly AttributeFact[]) {
    this.facts = facts.map(asPositive);
    for (const { clause, holds } of this.facts) if (holds) this.take(clause);
  }

  /** False only when no value at all is left. */
  get possible(): boolean {
    if (this.types.length === 0) return false;
    for (const kind of this.lower.keys()) if (!this.rangeIsOpen(kind)) return false;
    return this.candidates === undefined || this.candidates.some((value) => this.allows(value));
  }

  private take(clause: AttributeClause): void {
    switch (clause.kind) {
      case "comparison":
        return this.takeComparison(clause);
      case "membership":
        if (!clause.negated) this.narrow(clause.literals);
        return;
      case "between":
        this.raise({ literal: clause.low, inclusive: true });
        this.reduce({ literal: clause.high, inclusive: true });
        return;
      case "contains":
        return this.restrict(clause.literal.type === "string" ? ["string", "list"] : ["list"]);
      case "text":
        return this.restrict(["string"]);
      case "exists":
        return;
    }
  }

  private takeComparison({ operator, literal }: AttributeClause & { readonly kind: "comparison" }): void {
    switch (operator) {
      case "!=":
        return;
      case "==":
        if (isPrimitive(literal)) return this.narrow([literal]);
        this.raise({ literal, inclusive: true });
        this.reduce({ literal, inclusive: true });
        return;
      case ">":
      case ">=":
        return this.raise({ literal, inclusive: operator === ">=" });
      case "<":
      case "<=":
        return this.reduce({ literal, inclusive: operator === "<=" });
    }
  }

  private narrow(values: readonly RuleLiteral[]): void {
    if (values.length > MAX_CANDIDATES || !values.every(isPrimitive)) return;
    if (this.candidates === undefined || values.length < this.candidates.length) this.candidates = values;
  }

  private raise(bound: Bound): void {
    this.bound(this.lower, bound, 1);
  }

  private reduce(bound: Bound): void {
    this.bound(this.upper, bound, -1);
  }

  /** Keeps the tighter of two bounds; `direction` is 1 where larger is tighter. */
  private bound(bounds: Map<OrderKind, Bound>, bound: Bound, direction: number): void {
    const kind = orderKind(bound.literal);
    if (kind === undefined) return;
    this.restrict([kind === "number" ? "number" : "string"]);
    const known = bounds.get(kind);
    const order = known === undefined ? 1 : (compareLiterals(bound.literal, known.literal) ?? 0) * direction;
    if (order > 0 || (order === 0 && !bound.inclusive)) bounds.set(kind, bound);
    const [low, high] = [this.lower.get(kind), this.upper.get(kind)];
    if (low !== undefined && high !== undefined && compareLiterals(low.literal, high.literal) === 0)
      this.narrow([low.literal]);
  }

  private restrict(types: readonly ValueType[]): void {
    this.types = this.types.filter((type) => types.includes(type));
  }

  private rangeIsOpen(kind: OrderKind): boolean {
    const [low, high] = [this.lower.get(kind), this.upper.get(kind)];
    if (low === undefined || high === undefined) return true;
    const order = compareLiterals(low.literal, high.literal) ?? 0;
    return order < 0 || (order === 0 && low.inclusive && high.inclusive);
  }

  private allows(value: RuleLiteral): boolean {
    return this.facts.every(({ clause, holds }) => {
      const result = testPrimitive(clause, value);
      return result === "unknown" || result === holds;
    });
  }
}

function isPrimitive({ type }: RuleLiteral): boolean {
  return type !== "semver" && type !== "date";
}

const OPPOSITES = { "==": "!=", "!=": "==", ">": "<=", "<=": ">", "<": ">=", ">=": "<" } as const;

/** For a subject that has the attribute, a test that has to be false is often another one that has to be true. */
function asPositive(fact: AttributeFact): AttributeFact {
  const { clause, holds } = fact;
  if (holds) return fact;
  if (clause.kind === "comparison") {
    return { clause: { ...clause, operator: OPPOSITES[clause.operator] }, holds: true };
  }
  if (clause.kind === "membership") return { clause: { ...clause, negated: !clause.negated }, holds: true };
  return fact;
}
