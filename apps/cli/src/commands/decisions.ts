import { type Command, InvalidArgumentError } from "commander";
import { renderRecord, renderRecords } from "../records/render-records.ts";
import { sinceOf } from "../records/since.ts";
import { localClock } from "../sources/local-ports.ts";
import { addPlaceOptions, type PlaceOptions } from "../profiles/api-options.ts";
import { withRecords } from "../records/with-records.ts";
import { paintFor } from "../terminal/paint.ts";
import { print, printJson, say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { show } from "./show.ts";

interface ListOptions extends PlaceOptions {
  readonly subject?: string;
  readonly experiment?: string;
  readonly flag?: string;
  readonly since: string;
  readonly limit: number;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 10_000;

const EXAMPLES = `
Examples:
  $ lotty decisions list --subject ada
  $ lotty decisions list --flag checkout-button-colour --since 24h --json | jq .decisions[].reason
  $ lotty decisions show 01a203d3-6d24-759b-8ca4-550d45d0a6cd`;

/** `lotty decisions`: looks at decisions on record. */
export function addDecisionsCommands(program: Command, { terminal }: CommandContext): void {
  const decisions = program
    .command("decisions")
    .summary("look at decisions on record")
    .description("Look at decisions on record. Changes nothing.")
    .addHelpText("after", EXAMPLES);
  addPlaceOptions(decisions.command("list"))
    .summary("list decisions, newest first")
    .option("--subject <id>", "only those of this subject")
    .option("--experiment <id>", "only those of the experiment of this id or key")
    .option("--flag <key>", "only those of this flag")
    .option("--since <when>", "a date, a date and time, or how long ago: 90m, 24h, 7d, 2w", "7d")
    .option("--limit <count>", `most to show (default: ${DEFAULT_LIMIT})`, readLimit, DEFAULT_LIMIT)
    .option("--json", "print JSON")
    .action((options: ListOptions) => list(terminal, options));
  addPlaceOptions(decisions.command("show"))
    .summary("show one decision")
    .argument("<id>", "id of the decision")
    .option("--json", "print JSON")
    .action(async (id: string, options: PlaceOptions) => {
      const decision = await withRecords(terminal, options, (source) => source.find(id));
      await show(terminal, options, { json: decision, text: () => renderRecord(decision) });
    });
}

function readLimit(given: string): number {
  const limit = Number(given);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new InvalidArgumentError(`Not a whole number from 1 to ${MAX_LIMIT}.`);
}

async function list(terminal: Terminal, options: ListOptions): Promise<void> {
  const { experiment, flag, limit, subject } = options;
  const filter = {
    from: sinceOf(options.since, localClock.now()),
    limit,
    ...(experiment !== undefined && { experiment }),
    ...(flag !== undefined && { flag }),
    ...(subject !== undefined && { subject }),
  };
  const { decisions, more } = await withRecords(terminal, options, (source) => source.list(filter));
  if (options.json === true) return printJson(terminal, { decisions, more });
  if (decisions.length === 0) return say(terminal, "There are no such decisions.");
  await print(terminal, renderRecords(decisions, paintFor(terminal.out)));
  if (more) await say(terminal, "There are more: raise --limit.");
}
