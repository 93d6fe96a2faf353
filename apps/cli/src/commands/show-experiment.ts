import type { ExperimentResponse } from "@lotty/contracts";
import type { ControlSource } from "../control/control-source.ts";
import { renderExperiment } from "../control/render-experiments.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { show } from "./show.ts";

/** An experiment, and the source that it comes from. */
export interface FoundExperiment {
  readonly source: ControlSource;
  readonly experiment: ExperimentResponse;
}

/** Shows an experiment with the key of its flag. */
export async function showExperiment(
  terminal: Terminal,
  options: { readonly json?: boolean },
  { experiment, source }: FoundExperiment,
): Promise<void> {
  const flag = options.json === true ? "" : (await source.flags.find(experiment.flag_id)).key;
  await show(terminal, options, { json: experiment, text: (paint) => renderExperiment(experiment, flag, paint) });
}
