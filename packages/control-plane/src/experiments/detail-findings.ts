import type { ExperimentDetails } from "@lotty/domain";
import type { LaunchFinding } from "./launch-gate.ts";

/** What is not said about an experiment though others have to know it. */
export function detailFindings({ owner, hypothesis, plannedDays }: ExperimentDetails): readonly LaunchFinding[] {
  const findings: LaunchFinding[] = [];
  if (isBlank(owner)) {
    const message = "Nobody is named who answers for the experiment.";
    findings.push({ code: "missing_owner", severity: "blocks", field: "owner", message });
  }
  if (isBlank(hypothesis)) {
    const message = "It is not said what the experiment is expected to show.";
    findings.push({ code: "missing_hypothesis", severity: "blocks", field: "hypothesis", message });
  }
  if (plannedDays === null) {
    const message = "Without a planned duration it is tempting to stop when the result looks good.";
    findings.push({ code: "missing_planned_duration", severity: "warns", field: "planned_days", message });
  }
  return findings;
}

function isBlank(text: string | null): boolean {
  return text === null || text.trim() === "";
}
