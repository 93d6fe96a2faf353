import { segmentsNamedIn } from "@lotty/domain";
import { check, parse } from "@lotty/dsl";
import { canMatch } from "./can-match.ts";
import type { LaunchFinding, LaunchQuestion } from "./launch-gate.ts";

const FIELD = "targeting_rules";

/** What speaks against the rule that says whom an experiment is for. */
export function targetingFindings({ experiment, configuration }: LaunchQuestion): readonly LaunchFinding[] {
  const parsed = parse(experiment.targetingRules);
  if (!parsed.ok) {
    return parsed.diagnostics.map(({ message, range: { start } }) => ({
      code: "rule_not_parsed",
      severity: "blocks",
      field: FIELD,
      message: `Line ${start.line}, column ${start.column}: ${message}`,
    }));
  }
  if (parsed.rule === null) return [];
  const findings: LaunchFinding[] = [];
  const segments = new Set(configuration.segments.map(({ key }) => key));
  for (const key of segmentsNamedIn(parsed.rule)) {
    if (segments.has(key)) continue;
    const message = `There is no segment ${key}, so the rule takes nobody.`;
    findings.push({ code: "unknown_segment", severity: "blocks", field: FIELD, message });
  }
  if (!canMatch(parsed)) {
    const message = "The conditions contradict each other: the rule is true for nobody.";
    findings.push({ code: "rule_never_matches", severity: "blocks", field: FIELD, message });
  }
  for (const { message, range } of check(parsed)) {
    const place = `Line ${range.start.line}, column ${range.start.column}`;
    findings.push({ code: "rule_doubtful", severity: "warns", field: FIELD, message: `${place}: ${message}` });
  }
  return findings;
}
