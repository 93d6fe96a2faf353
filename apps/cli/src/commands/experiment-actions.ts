import { EXPERIMENT_OUTCOMES, LottyError } from "@lotty/domain";
import { type Command, Option } from "commander";
import type { ExperimentAction } from "../control/control-source.ts";
import { experimentNamed } from "../control/named.ts";
import { renderExperiment } from "../control/render-experiments.ts";
import { withControl } from "../control/with-control.ts";
import { EXIT_CODES } from "../exit-code.ts";
import type { ApiOptions } from "../profiles/api-options.ts";
import { confirm } from "../terminal/confirm.ts";
import { paintFor } from "../terminal/paint.ts";
import { say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions, addVersionOption, type VersionOptions } from "./control-options.ts";
import { type FoundExperiment, showExperiment } from "./show-experiment.ts";

type StepOptions = ApiOptions & VersionOptions;

/** What somebody says who judges. */
type JudgeOptions = StepOptions & { readonly comment?: string; readonly yes?: boolean };

type CompleteOptions = StepOptions & {
  readonly outcome: string;
  readonly winner?: string;
  readonly comment: string;
};

const PLAIN: readonly (readonly [ExperimentAction, string])[] = [
  ["submit", "Ask for a review."],
  ["withdraw-approval", "Take back an approval that you gave."],
  ["start", "Start an experiment that is approved."],
  ["pause", "Pause a running experiment: subjects get the flag's default value or rules."],
  ["resume", "Let a paused experiment go on."],
  ["archive", "Put away an experiment that is over, or will never begin."],
];

const JUDGING: readonly (readonly [ExperimentAction, string])[] = [
  ["approve", "Approve what is to be reviewed."],
  ["request-changes", "Send an experiment back to its authors; with a comment."],
  ["reject", "Reject an experiment for good; with a comment."],
];

/** Adds the commands that take an experiment from one status to the next. */
export function addExperimentActions(experiment: Command, context: CommandContext): void {
  const { terminal } = context;
  for (const [action, description] of PLAIN) {
    step(experiment, action, description).action((name: string, options: StepOptions) =>
      act(terminal, options, { name, action, body: {} }),
    );
  }
  for (const [action, description] of JUDGING) {
    step(experiment, action, description)
      .option("--comment <text>", "what there is to say")
      .option("--yes", "judge the current version without being asked")
      .action((name: string, options: JudgeOptions) => judge(context, options, { name, action }));
  }
  step(experiment, "apply-edit", "Put the approved proposal of an active experiment into force.")
    .option("--confirm", "although subjects will move")
    .action((name: string, options: StepOptions & { readonly confirm?: boolean }) =>
      act(terminal, options, { name, action: "apply-edit", body: { confirm: options.confirm === true } }),
    );
  step(experiment, "complete", "End an experiment.")
    .addOption(new Option("--outcome <outcome>", "how it ended").choices(EXPERIMENT_OUTCOMES).makeOptionMandatory())
    .option("--winner <variant>", "whose value becomes the flag's default; with rollout_winner")
    .requiredOption("--comment <text>", "what was learned")
    .action((name: string, options: CompleteOptions) => {
      const { comment, outcome, winner } = options;
      const body = { outcome, comment, ...(winner !== undefined && { variant: winner }) };
      return act(terminal, options, { name, action: "complete", body });
    });
}

function step(experiment: Command, action: ExperimentAction, description: string): Command {
  return addVersionOption(addControlOptions(experiment.command(action).description(description))).argument(
    "<experiment>",
  );
}

interface Step {
  readonly name: string;
  readonly action: ExperimentAction;
  readonly body: object;
}

async function act(terminal: Terminal, options: StepOptions, { action, body, name }: Step): Promise<void> {
  const { version } = options;
  await withControl(terminal, options, async (source) => {
    const { id } = await experimentNamed(source, name);
    const experiment = await source.experiments.act(id, action, { body, ...(version !== undefined && { version }) });
    await showExperiment(terminal, options, { source, experiment });
  });
}

/** Judges the version that is named, else the current one, which is shown before. */
async function judge(
  { end, terminal }: CommandContext,
  options: JudgeOptions,
  { action, name }: Omit<Step, "body">,
): Promise<void> {
  await withControl(terminal, options, async (source) => {
    const seen = await experimentNamed(source, name);
    if (options.version === undefined && !(await isAgreed(terminal, options, { source, experiment: seen }))) {
      await say(terminal, "Nothing was changed.");
      return end(EXIT_CODES.findings);
    }
    const body = options.comment === undefined ? {} : { comment: options.comment };
    const version = options.version ?? seen.version;
    const experiment = await source.experiments.act(seen.id, action, { version, body });
    await showExperiment(terminal, options, { source, experiment });
  });
}

async function isAgreed(
  terminal: Terminal,
  { yes }: JudgeOptions,
  { experiment, source }: FoundExperiment,
): Promise<boolean> {
  const { key } = await source.flags.find(experiment.flag_id);
  await say(terminal, renderExperiment(experiment, key, paintFor(terminal.talk)));
  if (yes === true) return true;
  if (terminal.input.isTerminal) return confirm(terminal, `Judge version ${experiment.version}?`);
  throw new LottyError("invalid_request", "a judgement names the version that it is about", {
    details: { advice: `Look at it and add --version ${experiment.version}, or --yes for whatever is current.` },
  });
}
