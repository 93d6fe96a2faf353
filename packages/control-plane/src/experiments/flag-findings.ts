import { isActive } from "@lotty/domain";
import type { LaunchFinding, LaunchQuestion } from "./launch-gate.ts";

const FIELD = "flag";

/** What speaks against an experiment on its flag. */
export function flagFindings(question: LaunchQuestion): readonly LaunchFinding[] {
  const { experiment, flag, flagDetails, configuration, stage } = question;
  if (flag === undefined) {
    return [
      { code: "flag_missing", severity: "blocks", field: FIELD, message: "The experiment's flag does not exist." },
    ];
  }
  const findings: LaunchFinding[] = [];
  if (flagDetails !== undefined && flagDetails.archivedAt !== null) {
    const message = `The flag ${flag.key} is archived.`;
    findings.push({ code: "flag_archived", severity: "blocks", field: FIELD, message });
  }
  if (!flag.enabled) {
    const message = `The flag ${flag.key} is switched off: everyone gets its default value.`;
    findings.push({ code: "flag_disabled", severity: stage === "start" ? "blocks" : "warns", field: FIELD, message });
  }
  const rival = configuration.experiments.find(
    ({ id, flagId, status }) => id !== experiment.id && flagId === flag.id && isActive(status),
  );
  if (rival !== undefined) {
    // It may be over by the time of the start.
    const severity = stage === "submit" ? "warns" : "blocks";
    const message = `The experiment ${rival.key} is ${rival.status} on the flag ${flag.key}; only one can be active.`;
    findings.push({ code: "flag_occupied", severity, field: FIELD, message });
  }
  return findings;
}
