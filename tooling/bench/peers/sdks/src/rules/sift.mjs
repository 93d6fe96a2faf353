import sift from "sift";
import { ruleContender } from "./peer-rule.mjs";

export function create() {
  return ruleContender(sift({ country: { $in: ["DE", "FR", "US"] }, version: { $gte: 200 }, plan: "pro" }));
}
