import type { IToken } from "chevrotain";
import type { Finding } from "./diagnostics.ts";
import { closeOpen, repairClosing } from "./repair-closing.ts";
import { repairConnective } from "./repair-connective.ts";
import { repairList } from "./repair-list.ts";
import { repairNegation } from "./repair-negation.ts";
import { repairOperator } from "./repair-operator.ts";
import { repairPath } from "./repair-path.ts";
import { repairSegment } from "./repair-segment.ts";
import { RepairState, type Repair } from "./repair-state.ts";
import { repairSwapped } from "./repair-swapped.ts";
import { asMeant } from "./repair-symbol.ts";
import { repairValue } from "./repair-value.ts";

/** Tokens as they were probably meant, and what had to be changed. */
export interface RepairedTokens {
  readonly tokens: readonly IToken[];
  readonly findings: readonly Finding[];
}

/** Tried in this order; each looks at the next few tokens only, so that the whole is linear. */
const REPAIRS: readonly Repair[] = [
  repairPath,
  repairClosing,
  repairSwapped,
  repairSegment,
  repairNegation,
  repairOperator,
  repairValue,
  repairList,
  repairConnective,
];

/**
 * Mends the mistakes that people make most, each with a finding that names it, so that the parser can go on and find
 * the next one. Only for texts that are known to be faulty: a text that parses must not come here. Linear.
 */
export function repair(tokens: readonly IToken[]): RepairedTokens {
  const state = new RepairState(tokens.map(asMeant));
  while (state.peek() !== undefined) {
    if (!REPAIRS.some((mend) => mend(state))) state.accept();
  }
  closeOpen(state);
  return { tokens: state.output, findings: state.findings };
}
