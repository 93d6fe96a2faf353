import type { ExplanationResponse, FlagRuleResponse, GateResponse } from "@lotty/contracts";
import type { Paint } from "../terminal/paint.ts";
import { visibleText } from "../terminal/visible-text.ts";
import { flagRuleFacts } from "./flag-rule-facts.ts";
import { gateFacts } from "./gate-facts.ts";

const TITLES: Readonly<Record<GateResponse["gate"], string>> = {
  flag: "flag",
  experiment: "experiment",
  targeting: "targeting",
  participation: "participation",
  conflict_domains: "conflict domains",
  allocation: "traffic",
  variants: "variants",
  variant: "variant",
};

const WIDTH = Math.max(...Object.values(TITLES).map((title) => title.length));

/** An explanation as a ladder of gates, from the first question to the value, with the rules of the flag at its foot. */
export function renderExplanation(explanation: ExplanationResponse, paint: Paint): string {
  const { flag, subject_id, value, reason, revision, at, kept, gates, flag_rules = [] } = explanation;
  const tone = reason === "experiment_assigned" ? "good" : "doubtful";
  return [
    `${paint("strong", visibleText(flag))} for ${paint("strong", visibleText(subject_id))}: ` +
      `${paint("strong", visibleText(JSON.stringify(value)))} (${paint(tone, reason)})`,
    paint("quiet", `configuration revision ${revision}, ${at}`),
    ...(kept ? ["The assignment is kept from before, because the experiment is sticky."] : []),
    "",
    ...gates.flatMap((gate) => renderGate(gate, paint)),
    ...(flag_rules.length > 0 ? ["", "  rules of the flag"] : []),
    ...flag_rules.flatMap((rule, index) => renderFlagRule(rule, `rule ${index + 1}`, paint)),
  ].join("\n");
}

function renderFlagRule(rule: FlagRuleResponse, name: string, paint: Paint): readonly string[] {
  const title = name.padEnd(WIDTH);
  const { summary, details } = flagRuleFacts(rule);
  if (rule.verdict === "not_reached") return [paint("quiet", `  · ${title}  ${summary}`)];
  const mark = rule.verdict === "gave_value" ? paint("good", "✓") : paint("bad", "✗");
  return [
    `  ${mark} ${title}  ${visibleText(summary)}`,
    ...details.map((detail) => `${" ".repeat(WIDTH + 6)}${visibleText(detail)}`),
  ];
}

function renderGate(gate: GateResponse, paint: Paint): readonly string[] {
  const title = TITLES[gate.gate].padEnd(WIDTH);
  if (gate.verdict === "not_reached") return [paint("quiet", `  · ${title}  not reached`)];
  const { summary, details } = gateFacts(gate);
  const mark = gate.verdict === "passed" ? paint("good", "✓") : paint("bad", "✗");
  const indent = " ".repeat(WIDTH + 6);
  return [
    `  ${mark} ${title}  ${visibleText(summary)}`,
    ...details.map((detail) => `${indent}${visibleText(detail)}`),
    ...(gate.change === undefined ? [] : [`${indent}${paint("doubtful", `→ ${visibleText(gate.change)}`)}`]),
  ];
}
