import { LogicEngine } from "json-logic-engine";
import { ruleContender } from "./peer-rule.mjs";

export function create() {
  return ruleContender(
    new LogicEngine().build({
      and: [
        { in: [{ var: "country" }, ["DE", "FR", "US"]] },
        { ">=": [{ var: "version" }, 200] },
        { "===": [{ var: "plan" }, "pro"] },
      ],
    }),
  );
}
