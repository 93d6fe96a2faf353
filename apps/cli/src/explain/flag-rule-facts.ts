import type { FlagRuleResponse } from "@lotty/contracts";
import { clauseLines } from "./clause-lines.ts";

/** What there is to say about a rule of a flag. */
export interface FlagRuleFacts {
  readonly summary: string;
  readonly details: readonly string[];
}

/** How a rule that was asked came out, in words. */
export function flagRuleFacts(rule: FlagRuleResponse): FlagRuleFacts {
  return { summary: summaryOf(rule), details: (rule.clauses ?? []).flatMap(clauseLines) };
}

function summaryOf(rule: FlagRuleResponse): string {
  const value = JSON.stringify(rule.value);
  switch (rule.verdict) {
    case "gave_value":
      return `gives ${value}${rolloutText(rule)}`;
    case "outside_rollout":
      return `would give ${value}${rolloutText(rule)}`;
    case "not_meant":
      return `would give ${value}, but does not take the subject`;
    case "faulty":
      return `cannot be used and is passed over: ${rule.fault ?? "its rule has a fault"}`;
    case "not_reached":
      return "not reached";
  }
}

function rolloutText({ bucket, rollout, threshold, verdict }: FlagRuleResponse): string {
  if (bucket === undefined) return "";
  const relation = verdict === "gave_value" ? "below" : "not below";
  return `; ${rollout} % of those whom it takes, bucket ${bucket} is ${relation} ${threshold}`;
}
