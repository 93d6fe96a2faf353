import { addEnvironmentOption, environmentKeyOf } from "../profiles/api-options.ts";
import { DEFAULT_ENVIRONMENT_ID, type Experiment, LottyError } from "@lotty/domain";
import type { Command } from "commander";
import { EXIT_CODES, type ExitCode } from "../exit-code.ts";
import { isSuspicious, toExperimentReport, type ExperimentReport } from "../report/experiment-report.ts";
import { renderReport } from "../report/render-report.ts";
import { reportJson } from "../report/report-json.ts";
import { sinceOf } from "../records/since.ts";
import { localClock } from "../sources/local-ports.ts";
import { type OpenedReportSource, withReportSource } from "../sources/with-report-source.ts";
import { paintFor } from "../terminal/paint.ts";
import { print, printJson, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";

interface ReportOptions {
  readonly environment?: string;
  readonly since: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ lotty report checkout-button-colour-2026
  $ lotty report checkout-button-colour-2026 --since 2026-05-01 --json | jq .sample_ratio.p_value
  $ DATABASE_REPLICA_URL=postgres://lotty@replica/lotty lotty report search-density --since 12h

Exit code: 0, or 1 when the subjects are not spread as the weights say (p below 0.001). Changes nothing.`;

/** `lotty report`: how the recorded decisions of an experiment spread. */
export function addReportCommand(program: Command, context: CommandContext): void {
  addEnvironmentOption(program.command("report"))
    .summary("count how the recorded decisions of an experiment spread")
    .description(
      "Count the subjects and decisions of each variant, test the shares against the weights, and count the reasons of all " +
        "decisions of the flag. Reads DATABASE_REPLICA_URL if it is set.",
    )
    .argument("<experiment>", "key or id of the experiment")
    .option("--since <when>", "a date, a date and time, or how long ago: 90m, 24h, 7d, 2w", "7d")
    .option("--json", "print JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (experiment: string, options: ReportOptions) =>
      context.end(await report(context.terminal, experiment, options)),
    );
}

async function report(terminal: Terminal, name: string, options: ReportOptions): Promise<ExitCode> {
  const { json, since } = options;
  const to = localClock.now();
  const from = sinceOf(since, to);
  return withReportSource(terminal, async (source) => {
    const environmentId = await environmentOf(source, environmentKeyOf(terminal, options));
    const counted = await count(source, name, { environmentId, from, to });
    await (json === true
      ? printJson(terminal, reportJson(counted, source.location))
      : print(terminal, renderReport(counted, source.location, paintFor(terminal.out))));
    return isSuspicious(counted) ? EXIT_CODES.findings : EXIT_CODES.ok;
  });
}

async function count(
  { configuration, reports }: OpenedReportSource,
  name: string,
  { environmentId, ...span }: Pick<ExperimentReport, "from" | "to"> & { readonly environmentId: string },
): Promise<ExperimentReport> {
  const { experiments, flags } = await configuration.load(environmentId);
  const experiment = find(experiments, name);
  const flagKey = flags.find(({ id }) => id === experiment.flagId)?.key ?? "";
  const spread = await reports.spread({ environmentId, flagKey, experimentId: experiment.id, ...span });
  return toExperimentReport({ experiment, flagKey, ...span }, spread);
}

async function environmentOf({ environments }: OpenedReportSource, key: string | undefined): Promise<string> {
  if (key === undefined) return DEFAULT_ENVIRONMENT_ID;
  // Archived ones as well: what was decided in them can still be counted.
  const found = (await environments.environments()).find((each) => each.key === key);
  if (found !== undefined) return found.id;
  throw new LottyError("not_found", `There is no environment ${key}.`);
}

function find(experiments: readonly Experiment[], name: string): Experiment {
  const found = experiments.find(({ key }) => key === name) ?? experiments.find(({ id }) => id === name.toLowerCase());
  if (found !== undefined) return found;
  throw new LottyError("not_found", `there is no experiment ${JSON.stringify(name)}`, {
    details: { advice: "`lotty export` shows all of them." },
  });
}
