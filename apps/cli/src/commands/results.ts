import type { LedgerResponse } from "@lotty/contracts/analysis";
import { LottyError } from "@lotty/domain";
import { type Command, Option } from "commander";
import type { ControlSource } from "../control/control-source.ts";
import { experimentNamed } from "../control/named.ts";
import { withControl } from "../control/with-control.ts";
import { environmentKeyOf, type PlaceOptions } from "../profiles/api-options.ts";
import { renderLedger, renderResults } from "../results/render-results.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions } from "./control-options.ts";
import { show } from "./show.ts";
import { wholeOption } from "./whole-option.ts";

const EXAMPLES = `
Examples:
  $ lotty results summer
  $ lotty results summer --from 2026-11-01 --to 2026-11-08 --segment country
  $ lotty results summer --prior 0.1
  $ lotty results summer --ledger orders green --limit 20
  $ lotty results summer --parquet summer-measures

Works on the database of the settings, or with --url or a profile through an API. A part of the time is a cut, which decides nothing.`;

interface ResultsOptions extends PlaceOptions {
  readonly from?: string;
  readonly to?: string;
  readonly segment?: string;
  readonly prior?: string;
  readonly parquet?: string;
  readonly ledger?: readonly string[];
  readonly after?: string;
  readonly limit: number;
}

/** Lines of the ledger when nothing is said. */
const LINES = 50;

/** `lotty results`: what an experiment has shown. */
export function addResultsCommand(program: Command, { terminal }: CommandContext): void {
  addControlOptions(
    program
      .command("results")
      .summary("show what an experiment has shown, and whether to believe it")
      .description("Show the verdict, whether the numbers can be trusted, and every effect with its interval.")
      .addHelpText("after", EXAMPLES),
  )
    .argument("<experiment>", "key or id")
    .option("--from <time>", "only subjects first exposed from then on, a date or date and time")
    .option("--to <time>", "only subjects first exposed before")
    .option("--segment <name>", "split all metrics by a property of exposures")
    .option(
      "--prior <deviation>",
      "beside the results, what is believed if lifts are normal around 0 with this deviation",
    )
    .option("--ledger <metric-and-variant...>", "show what a number is made of: a metric and a variant")
    .addOption(
      new Option("--parquet <directory>", "take measures from what `lotty export parquet` wrote").conflicts([
        "url",
        "profile",
        "ledger",
      ]),
    )
    .option("--after <subject>", "go on in the ledger after this subject")
    .option("--limit <number>", "lines of the ledger", wholeOption, LINES)
    .action((name: string, options: ResultsOptions) =>
      options.ledger === undefined ? report(terminal, name, options) : ledger(terminal, name, options),
    );
}

async function report(terminal: Terminal, name: string, options: ResultsOptions): Promise<void> {
  const { from, prior, segment, to } = options;
  const found = await withResults(terminal, options, async (source) => {
    const { id } = await experimentNamed(source, name);
    return source.results.report(id, {
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(segment !== undefined && { segment }),
      ...(prior !== undefined && { prior }),
    });
  });
  await show(terminal, options, {
    json: found,
    text: (paint) => renderResults(found, terminal.out.columns, paint),
  });
}

/** Works with the control plane, and with measures from files where they are named. */
async function withResults<T>(
  terminal: Terminal,
  options: ResultsOptions,
  work: (source: ControlSource) => Promise<T>,
): Promise<T> {
  const { parquet } = options;
  if (parquet === undefined) return withControl(terminal, options, work);
  const { withParquet } = await import("../results/with-parquet.ts");
  return withParquet(terminal, { directory: parquet, environment: environmentKeyOf(terminal, options) }, work);
}

async function ledger(terminal: Terminal, name: string, options: ResultsOptions): Promise<void> {
  const page = await withControl(terminal, options, (source) => readLedger(source, name, options));
  await show(terminal, options, { json: page, text: (paint) => renderLedger(page, paint) });
}

async function readLedger(
  source: ControlSource,
  name: string,
  { after, ledger: asked = [], limit }: ResultsOptions,
): Promise<LedgerResponse> {
  const [metric, variant] = asked;
  if (metric === undefined || variant === undefined || asked.length > 2) {
    throw new LottyError("invalid_request", "--ledger takes a metric and a variant, such as --ledger orders green");
  }
  const { id, variants } = await experimentNamed(source, name);
  const found = variants.find((each) => each.name === variant || each.id === variant.toLowerCase());
  if (found === undefined) throw new LottyError("not_found", `There is no variant ${JSON.stringify(variant)}.`);
  return source.results.ledger(id, { metric, variantId: found.id, limit, ...(after !== undefined && { after }) });
}
