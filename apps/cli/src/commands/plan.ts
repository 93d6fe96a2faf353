import { CORRECTION_SCOPES, CORRECTIONS, LOOKING_RULES } from "@lotty/domain";
import { type Command, Option } from "commander";
import { experimentNamed } from "../control/named.ts";
import { withControl } from "../control/with-control.ts";
import type { ApiOptions } from "../profiles/api-options.ts";
import { renderPlan, renderPower } from "../results/render-results.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions, addVersionOption, type VersionOptions } from "./control-options.ts";
import { numberOption } from "./number-option.ts";
import { onlySaid } from "./only-said.ts";
import { show } from "./show.ts";
import { wholeOption } from "./whole-option.ts";

const EXAMPLES = `
Examples:
  $ lotty plan power --metric orders --experiment summer --effect 0.02
  $ lotty plan power --mean 10 --sd 20 --per-day 1000 --days 14
  $ lotty plan set summer --primary orders --guardrail refunds:0.02 --effect 0.02 --days 14
  $ lotty plan show summer

A plan says what an experiment will be judged by. The start freezes it; what is changed later is kept as a deviation.`;

interface SetOptions extends ApiOptions, VersionOptions {
  readonly primary: readonly string[];
  readonly secondary?: readonly string[];
  readonly guardrail?: readonly string[];
  readonly segment?: readonly string[];
  readonly alpha?: number;
  readonly power?: number;
  readonly effect?: number;
  readonly days?: number;
  readonly subjects?: number;
  readonly minimum?: number;
  readonly looking?: string;
  readonly correction?: string;
  readonly scope?: string;
}

interface PowerOptions extends ApiOptions {
  readonly metric?: string;
  readonly experiment?: string;
  readonly mean?: number;
  readonly sd?: number;
  readonly perDay?: number;
  readonly effect?: number;
  readonly margin?: number;
  readonly days?: number;
  readonly arms?: number;
  readonly alpha?: number;
  readonly power?: number;
  readonly looking?: string;
  readonly reduction?: number;
}

/** `lotty plan`: what experiments will be judged by, and how large they have to be. */
export function addPlanCommands(program: Command, { terminal }: CommandContext): void {
  const plan = program
    .command("plan")
    .summary("plan what an experiment will be judged by, and its size")
    .description("Plan analyses.")
    .addHelpText("after", EXAMPLES);
  addControlOptions(plan.command("show").description("Show a plan, and what was changed of it after the start."))
    .argument("<experiment>", "key or id")
    .action(async (name: string, options: ApiOptions) => {
      const found = await withControl(terminal, options, async (source) =>
        source.results.plan((await experimentNamed(source, name)).id),
      );
      await show(terminal, options, { json: found, text: (paint) => renderPlan(found, paint) });
    });
  addSet(plan, terminal);
  addPower(plan, terminal);
}

function addSet(plan: Command, terminal: Terminal): void {
  addVersionOption(addControlOptions(plan.command("set").description("Make a plan, or replace it.")))
    .argument("<experiment>", "key or id")
    .requiredOption("--primary <metric>", "a metric that decides; repeatable", collected)
    .option("--secondary <metric>", "a metric that explains; repeatable", collected)
    .option("--guardrail <metric:margin>", "what must not become worse by more than a share; repeatable", collected)
    .option("--segment <name>", "a property of exposures to split by; repeatable", collected)
    .option("--alpha <number>", "two-sided error", numberOption)
    .option("--power <number>", "probability to find the effect", numberOption)
    .option("--effect <share>", "smallest relative effect to be found, such as 0.02", numberOption)
    .option("--days <number>", "duration", wholeOption)
    .option("--subjects <number>", "subjects of all arms at which it ends", wholeOption)
    .option("--minimum <number>", "subjects per arm below which nothing is inferred", wholeOption)
    .addOption(new Option("--looking <rule>", "when results may be looked at").choices(LOOKING_RULES))
    .addOption(new Option("--correction <name>", "how p-values are corrected").choices(CORRECTIONS))
    .addOption(new Option("--scope <scope>", "which of them together").choices(CORRECTION_SCOPES))
    .action(async (name: string, options: SetOptions) => {
      const body = planBody(options);
      const made = await withControl(terminal, options, async (source) =>
        source.results.putPlan((await experimentNamed(source, name)).id, body, options.version),
      );
      await show(terminal, options, { json: made, text: (paint) => renderPlan(made, paint) });
    });
}

function addPower(plan: Command, terminal: Terminal): void {
  addControlOptions(plan.command("power").description("Plan the size of an experiment."))
    .option("--metric <metric>", "take mean and deviation from this metric's past")
    .option("--experiment <experiment>", "take the traffic from what was decided for this experiment's flag")
    .option("--mean <number>", "mean, in place of a metric", numberOption)
    .option("--sd <number>", "deviation, with --mean", numberOption)
    .option("--per-day <number>", "subjects a day, in place of an experiment", numberOption)
    .option("--effect <share>", "smallest relative effect to be found, such as 0.02", numberOption)
    .option("--margin <share>", "largest harm to be ruled out", numberOption)
    .option("--days <number>", "duration, to ask which effect it finds", wholeOption)
    .option("--arms <number>", "arms, control among them", wholeOption)
    .option("--alpha <number>", "two-sided error", numberOption)
    .option("--power <number>", "probability to find the effect", numberOption)
    .option("--reduction <share>", "share of the variance that a covariate takes away", numberOption)
    .addOption(new Option("--looking <rule>", "when results may be looked at").choices(LOOKING_RULES))
    .action(async (options: PowerOptions) => {
      const found = await withControl(terminal, options, async (source) => {
        const { experiment } = options;
        const id = experiment === undefined ? undefined : (await experimentNamed(source, experiment)).id;
        return source.results.power(powerBody(options, id));
      });
      await show(terminal, options, { json: found, text: (paint) => renderPower(found, paint) });
    });
}

function planBody(options: SetOptions): object {
  const { alpha, correction, days, effect, guardrail, looking, minimum, power, primary, scope } = options;
  const { secondary, segment, subjects } = options;
  return onlySaid({
    primary,
    secondary,
    guardrails: guardrail?.map(readGuardrail),
    segments: segment,
    alpha,
    power,
    minimum_effect: effect,
    duration_days: days,
    planned_subjects: subjects,
    minimum_subjects: minimum,
    looking,
    correction,
    correction_scope: scope,
  });
}

function powerBody(options: PowerOptions, experimentId: string | undefined): object {
  const { alpha, arms, days, effect, looking, margin, mean, metric, perDay, power, reduction, sd } = options;
  return onlySaid({
    metric,
    baseline: mean === undefined ? undefined : onlySaid({ mean, sd }),
    experiment_id: experimentId,
    subjects_per_day: perDay,
    minimum_effect: effect,
    margin,
    duration_days: days,
    arms,
    alpha,
    power,
    looking,
    variance_reduction: reduction,
  });
}

function readGuardrail(text: string): { readonly metric: string; readonly margin: number } {
  const at = text.lastIndexOf(":");
  return { metric: text.slice(0, Math.max(0, at)), margin: numberOption(text.slice(at + 1)) };
}

/** Reads an option that may be given several times. */
function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
