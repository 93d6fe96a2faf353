import jsonLogic from "json-logic-js";
import { ruleContender } from "./peer-rule.mjs";

export function create() {
  const rule = {
    and: [
      { in: [{ var: "country" }, ["DE", "FR", "US"]] },
      { ">=": [{ var: "version" }, 200] },
      { "===": [{ var: "plan" }, "pro"] },
    ],
  };
  return ruleContender((attributes) => jsonLogic.apply(rule, attributes));
}
