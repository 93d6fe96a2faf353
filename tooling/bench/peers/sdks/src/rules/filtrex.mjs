import { compileExpression } from "filtrex";
import { ruleContender } from "./peer-rule.mjs";

export function create() {
  return ruleContender(compileExpression('country in ("DE", "FR", "US") and version >= 200 and plan == "pro"'));
}
