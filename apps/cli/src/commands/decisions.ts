import { presentRecord } from "@lotty/contracts";
import { type DecisionRecord, LottyError } from "@lotty/domain";
import type { DecisionRecords } from "@lotty/decisions";
import { type Command, InvalidArgumentError } from "commander";
import { renderRecord, renderRecords } from "../records/render-records.ts";
import { sinceOf } from "../records/since.ts";
import { localClock } from "../sources/local-ports.ts";
import { addEnvironmentOption, environmentKeyOf } from "../profiles/api-options.ts";
import { withRuntime } from "../sources/with-runtime.ts";
import { paintFor } from "../terminal/paint.ts";
import { print, printJson, say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";

interface ListOptions {
  readonly subject?: string;
  readonly experiment?: string;
  readonly flag?: string;
  readonly since: string;
  readonly limit: number;
  readonly environment?: string;
  readonly json?: boolean;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 10_000;
const PAGE = 500;

/** How far the clock that made a decision may be ahead of this one. */
const AHEAD_MICROS = 60_000_000;

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
    .description("Look at decisions on record, in the database of the settings. Changes nothing.")
    .addHelpText("after", EXAMPLES);
  addEnvironmentOption(decisions.command("list"))
    .summary("list decisions, newest first")
    .option("--subject <id>", "only those of this subject")
    .option("--experiment <id>", "only those of the experiment of this id or key")
    .option("--flag <key>", "only those of this flag")
    .option("--since <when>", "a date, a date and time, or how long ago: 90m, 24h, 7d, 2w", "7d")
    .option("--limit <count>", `most to show (default: ${DEFAULT_LIMIT})`, readLimit, DEFAULT_LIMIT)
    .option("--json", "print JSON")
    .action((options: ListOptions) => list(terminal, options));
  addEnvironmentOption(decisions.command("show"))
    .summary("show one decision")
    .argument("<id>", "id of the decision")
    .option("--json", "print JSON")
    .action((id: string, { environment, json }: Pick<ListOptions, "environment" | "json">) =>
      withRuntime(
        terminal,
        async ({ records }, environmentId) => {
          const decision = await recordedDecision(records, environmentId, id);
          return json === true ? printJson(terminal, presentRecord(decision)) : print(terminal, renderRecord(decision));
        },
        environmentKeyOf(terminal, { environment }),
      ),
    );
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * A decision by its id.
 *
 * @throws LottyError `not_found`
 */
export async function recordedDecision(
  records: DecisionRecords,
  environmentId: string,
  given: string,
): Promise<DecisionRecord> {
  const id = given.toLowerCase();
  const decision = UUID.test(id) ? await records.find(environmentId, id) : null;
  if (decision !== null) return decision;
  throw new LottyError("not_found", `there is no decision ${JSON.stringify(given)} on record`, {
    details: { advice: "One that was queued or spooled is there once it is written." },
  });
}

function readLimit(given: string): number {
  const limit = Number(given);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new InvalidArgumentError(`Not a whole number from 1 to ${MAX_LIMIT}.`);
}

async function list(terminal: Terminal, options: ListOptions): Promise<void> {
  const now = localClock.now();
  const from = sinceOf(options.since, now);
  const { decisions, more } = await withRuntime(
    terminal,
    async ({ records, snapshots }, environmentId) => {
      const { experiment, flag, limit, subject } = options;
      const experiments = snapshots.current(environmentId).experiments.values();
      const named = [...experiments].find((each) => each.experiment.key === experiment)?.experiment.id;
      const experimentId = named ?? experiment?.toLowerCase();
      if (experimentId !== undefined && !UUID.test(experimentId)) {
        throw new LottyError("not_found", `there is no experiment ${JSON.stringify(experiment)}`);
      }
      const found: DecisionRecord[] = [];
      let before: string | null | undefined;
      // One more tells whether there are more.
      while (before !== null && found.length <= limit) {
        const page = await records.list({
          environmentId,
          from,
          to: now + AHEAD_MICROS,
          limit: Math.min(PAGE, limit + 1),
          ...(subject !== undefined && { subjectId: subject }),
          ...(experimentId !== undefined && { experimentId }),
          ...(flag !== undefined && { flagKey: flag }),
          ...(before !== undefined && { before }),
        });
        found.push(...page.decisions);
        before = page.next;
      }
      return { decisions: found.slice(0, limit), more: found.length > limit };
    },
    environmentKeyOf(terminal, options),
  );
  if (options.json === true) return printJson(terminal, { decisions: decisions.map(presentRecord), more });
  if (decisions.length === 0) return say(terminal, "There are no such decisions.");
  await print(terminal, renderRecords(decisions, paintFor(terminal.out)));
  if (more) await say(terminal, "There are more: raise --limit.");
}
