import type { IToken, TokenType } from "chevrotain";
import type { RepairState } from "./repair-state.ts";
import { isA } from "./token-kind.ts";
import { spanBetween } from "./token-span.ts";
import {
  ComparisonOperator,
  Equal,
  Greater,
  GreaterOrEqual,
  Less,
  LessOrEqual,
  Literal,
  Name,
  NotEqual,
} from "./tokens.ts";

/** Each comparison as it reads from the other side. */
const MIRRORED: ReadonlyMap<TokenType, { readonly type: TokenType; readonly symbol: string }> = new Map([
  [Equal, { type: Equal, symbol: "==" }],
  [NotEqual, { type: NotEqual, symbol: "!=" }],
  [Greater, { type: Less, symbol: "<" }],
  [GreaterOrEqual, { type: LessOrEqual, symbol: "<=" }],
  [Less, { type: Greater, symbol: ">" }],
  [LessOrEqual, { type: GreaterOrEqual, symbol: ">=" }],
]);

/** `"DE" == country` and `18 <= age < 65`. */
export function repairSwapped(state: RepairState): boolean {
  const [value, operator, name, secondOperator, secondValue] = [0, 1, 2, 3, 4].map((ahead) => state.peek(ahead));
  const mirrored = operator === undefined ? undefined : MIRRORED.get(operator.tokenType);
  if (value === undefined || name === undefined || mirrored === undefined) return false;
  if (state.expected !== "condition" || !isA(value, Literal) || name.tokenType !== Name) return false;

  const chained = isA(secondOperator, ComparisonOperator) && isA(secondValue, Literal);
  const right = `${name.image} ${mirrored.symbol} ${value.image}`;
  state.report({
    code: "value_before_attribute",
    span: spanBetween(value, chained && secondValue !== undefined ? secondValue : name),
    message: "A condition begins with the name of an attribute, not with a value.",
    hint: `Did you mean ${chained ? `${right} AND ${chainedTest(name, secondOperator, secondValue)}` : right}?`,
  });
  state.insert(Name, value.startOffset);
  state.insert(mirrored.type, value.startOffset);
  state.replace(value.tokenType, chained ? 5 : 3);
  return true;
}

function chainedTest(name: IToken, operator: IToken | undefined, value: IToken | undefined): string {
  return [name, operator, value].map((token) => token?.image ?? "").join(" ");
}
