import { Query } from "mingo";
import { ruleContender } from "./peer-rule.mjs";

export function create() {
  const query = new Query({ country: { $in: ["DE", "FR", "US"] }, version: { $gte: 200 }, plan: "pro" });
  return ruleContender((attributes) => query.test(attributes));
}
