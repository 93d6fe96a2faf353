import { presentExperiment, presentFinding } from "@lotty/contracts";
import { allowedActions, type ExperimentResult } from "@lotty/control-plane";
import type { Answer } from "../../http/answer.ts";
import { versionAnswer } from "../control/changing.ts";

/** An experiment as an answer, with what may be done with it. */
export function experimentAnswer({ details, experiment, warnings }: ExperimentResult): Answer {
  return versionAnswer(
    presentExperiment({
      experiment,
      details,
      allowed: allowedActions(experiment.status),
      warnings: warnings.map(presentFinding),
    }),
  );
}
