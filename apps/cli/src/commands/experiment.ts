import type { ExperimentResponse } from "@lotty/contracts";
import { EXPERIMENT_STATUSES } from "@lotty/domain";
import { type Command, Option } from "commander";
import { EXIT_CODES } from "../exit-code.ts";
import type { ControlSource, ExperimentFilter } from "../control/control-source.ts";
import { experimentNamed, flagKeys, flagNamed } from "../control/named.ts";
import { renderExperiments, renderFindings, renderPreview, renderReviews } from "../control/render-experiments.ts";
import { withControl } from "../control/with-control.ts";
import type { ApiOptions } from "../profiles/api-options.ts";
import { say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions, addVersionOption, announce, type VersionOptions } from "./control-options.ts";
import { addExperimentActions } from "./experiment-actions.ts";
import { addExperimentFields, type ExperimentFieldOptions, experimentBody } from "./experiment-fields.ts";
import { showExperiment } from "./show-experiment.ts";
import { show } from "./show.ts";

const EXAMPLES = `
Examples:
  $ lotty experiment create summer --flag banner --variant control:50=none --variant sun:50=sun \\
      --traffic 50 --hypothesis "People stay longer" --owner "team web" --planned-days 14
  $ lotty experiment launch-gate summer
  $ lotty experiment submit summer
  $ lotty experiment approve summer --version 2 --comment "Sound."
  $ lotty experiment start summer
  $ lotty experiment preview summer --traffic 80
  $ lotty experiment complete summer --outcome rollout_winner --winner sun --comment "12 % longer."

Works on the database of the settings, or with --url or a profile through an API. Experiments go by key or id.`;

type CreateOptions = ApiOptions & ExperimentFieldOptions & { readonly flag: string };
type EditOptions = ApiOptions & VersionOptions & ExperimentFieldOptions & { readonly rename?: string };

/** `lotty experiment`: keeps experiments. */
export function addExperimentCommands(program: Command, context: CommandContext): void {
  const { terminal } = context;
  const experiment = program
    .command("experiment")
    .summary("list, make, change, review, start, stop or complete experiments")
    .description("Keep experiments.")
    .addHelpText("after", EXAMPLES);
  addLooking(experiment, context);
  addExperimentFields(addControlOptions(experiment.command("create").description("Make a draft.")))
    .argument("<key>", "what it is called")
    .requiredOption("--flag <flag>", "the flag that it runs on")
    .action((key: string, options: CreateOptions) => create(terminal, key, options));
  addExperimentFields(
    addVersionOption(
      addControlOptions(
        experiment
          .command("edit")
          .description("Change an experiment. What would move subjects of an active one becomes a proposal."),
      ),
    ),
  )
    .argument("<experiment>")
    .option("--rename <key>", "what it is called from now on; drafts only")
    .action((name: string, options: EditOptions) => edit(terminal, name, options));
  addExperimentFields(
    addControlOptions(experiment.command("preview").description("Show who would move if an experiment were edited.")),
  )
    .argument("<experiment>")
    .action((name: string, options: ApiOptions & ExperimentFieldOptions) => preview(terminal, name, options));
  addExperimentActions(experiment, context);
  addVersionOption(addControlOptions(experiment.command("remove").description("Remove what never ran.")))
    .argument("<experiment>")
    .action((name: string, options: ApiOptions & VersionOptions) => remove(terminal, name, options));
}

function addLooking(experiment: Command, { end, terminal }: CommandContext): void {
  addControlOptions(experiment.command("list").description("Show experiments."))
    .addOption(new Option("--status <status>", "only those in this status").choices(EXPERIMENT_STATUSES))
    .option("--flag <flag>", "only those on this flag")
    .action((options: ApiOptions & { readonly status?: string; readonly flag?: string }) => list(terminal, options));
  addControlOptions(experiment.command("show").description("Show an experiment, and what may be done with it."))
    .argument("<experiment>", "key or id")
    .action((name: string, options: ApiOptions) => shown(terminal, options, (source) => experimentNamed(source, name)));
  addControlOptions(
    experiment.command("launch-gate").description("Show what speaks against the next step; ends with 1 if it blocks."),
  )
    .argument("<experiment>")
    .action(async (name: string, options: ApiOptions) => {
      const gate = await withControl(terminal, options, async (source) =>
        source.experiments.launchGate((await experimentNamed(source, name)).id),
      );
      const text =
        gate.findings.length === 0 ? () => "Nothing speaks against it." : renderFindings.bind(null, gate.findings);
      await show(terminal, options, { json: gate, text });
      if (!gate.open) end(EXIT_CODES.findings);
    });
  addControlOptions(experiment.command("reviews").description("Show what was said, and which approvals are missing."))
    .argument("<experiment>")
    .action(async (name: string, options: ApiOptions) => {
      const reviews = await withControl(terminal, options, async (source) =>
        source.experiments.reviews((await experimentNamed(source, name)).id),
      );
      await show(terminal, options, { json: reviews, text: (paint) => renderReviews(reviews, paint) });
    });
}

async function list(
  terminal: Terminal,
  options: ApiOptions & { readonly status?: string; readonly flag?: string },
): Promise<void> {
  const { flag, status } = options;
  const { experiments, flags } = await withControl(terminal, options, async (source) => {
    const filter: ExperimentFilter = {
      ...(status !== undefined && { status }),
      ...(flag !== undefined && { flag_id: (await flagNamed(source, flag)).id }),
    };
    const found = await source.experiments.list(filter);
    return { experiments: found, flags: options.json === true ? new Map<string, string>() : await flagKeys(source) };
  });
  await show(terminal, options, {
    json: { experiments },
    text: (paint) => renderExperiments(experiments, flags, paint),
  });
}

function create(terminal: Terminal, key: string, options: CreateOptions): Promise<void> {
  return shown(terminal, options, async (source) => {
    const flag = await flagNamed(source, options.flag);
    const body = await experimentBody(terminal, options, flag);
    return source.experiments.create({ ...body, key, flag_id: flag.id });
  });
}

function edit(terminal: Terminal, name: string, options: EditOptions): Promise<void> {
  return shown(terminal, options, async (source) => {
    const { body, experiment } = await editedBody(terminal, source, { name, options });
    await announce(terminal, options, `Changing version ${experiment.version} of ${experiment.key}.`);
    const key = options.rename === undefined ? {} : { key: options.rename };
    return source.experiments.edit(experiment.id, options.version ?? experiment.version, { ...body, ...key });
  });
}

async function preview(terminal: Terminal, name: string, options: ApiOptions & ExperimentFieldOptions): Promise<void> {
  const found = await withControl(terminal, options, async (source) => {
    const { body, experiment } = await editedBody(terminal, source, { name, options });
    return source.experiments.preview(experiment.id, body);
  });
  await show(terminal, options, { json: found, text: (paint) => renderPreview(found, paint) });
}

interface AskedEdit {
  readonly name: string;
  readonly options: ExperimentFieldOptions;
}

async function editedBody(
  terminal: Terminal,
  source: ControlSource,
  { name, options }: AskedEdit,
): Promise<{ readonly experiment: ExperimentResponse; readonly body: Record<string, unknown> }> {
  const experiment = await experimentNamed(source, name);
  // Only values of variants have to be read as the flag's type wants them.
  const flag = options.variant === undefined ? undefined : await source.flags.find(experiment.flag_id);
  return { experiment, body: await experimentBody(terminal, options, flag) };
}

/** Shows the experiment that a command has found or changed. */
function shown(
  terminal: Terminal,
  options: ApiOptions,
  work: (source: ControlSource) => Promise<ExperimentResponse>,
): Promise<void> {
  return withControl(terminal, options, async (source) =>
    showExperiment(terminal, options, { source, experiment: await work(source) }),
  );
}

async function remove(terminal: Terminal, name: string, options: ApiOptions & VersionOptions): Promise<void> {
  const removed = await withControl(terminal, options, async (source) => {
    const experiment = await experimentNamed(source, name);
    await source.experiments.remove(experiment.id, options.version);
    return experiment.key;
  });
  if (options.json === true) return show(terminal, options, { json: { removed }, text: () => removed });
  await say(terminal, "Removed.");
}
