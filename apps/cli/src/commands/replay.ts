import { presentReplay } from "@lotty/contracts";
import type { JsonObject } from "@lotty/domain";
import type { Command } from "commander";
import { EXIT_CODES, type ExitCode } from "../exit-code.ts";
import { renderCounts, renderReplay } from "../records/render-replay.ts";
import { replaySpan } from "../records/replay-span.ts";
import { sinceOf } from "../records/since.ts";
import { localClock } from "../sources/local-ports.ts";
import { addEnvironmentOption, environmentKeyOf } from "../profiles/api-options.ts";
import { withRuntime } from "../sources/with-runtime.ts";
import { paintFor } from "../terminal/paint.ts";
import { print, printJson, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { recordedDecision } from "./decisions.ts";
import { subjectOf } from "./subject-options.ts";

interface ReplayOptions {
  readonly attributes?: string;
  readonly since?: string;
  readonly environment?: string;
  readonly json?: boolean;
}

/** How far the clock that made a decision may be ahead of this one. */
const AHEAD_MICROS = 60_000_000;

const EXAMPLES = `
Examples:
  $ lotty replay 01a203d3-6d24-759b-8ca4-550d45d0a6cd --attributes '{"country": "DE"}'
  $ lotty replay --since 24h

Exit code: 0, or 1 when some decision does not come out as it is recorded. Changes nothing.`;

/** `lotty replay`: takes recorded decisions again and compares. */
export function addReplayCommand(program: Command, { terminal, end }: CommandContext): void {
  const command = addEnvironmentOption(program.command("replay"))
    .summary("take recorded decisions again, and compare")
    .description(
      "Take recorded decisions again with the configuration and the history of their time, and compare. Where a rule reads " +
        "attributes that are not on record, what does not rest on them is compared.",
    )
    .argument("[id]", "id of one decision")
    .option("--attributes <json>", "those that the decision was asked with: JSON, @file, or @- for the standard input")
    .option("--since <when>", "all decisions since a date, a date and time, or how long ago: 90m, 24h, 7d, 2w")
    .option("--json", "print JSON: one line for each decision that differs, then one with the counts")
    .addHelpText("after", EXAMPLES)
    .action(async (id: string | undefined, options: ReplayOptions) => {
      if ((id === undefined) === (options.since === undefined)) {
        command.error("error: name the id of one decision, or use --since");
      }
      if (id === undefined && options.attributes !== undefined) {
        command.error("error: --attributes are those of one decision: name its id");
      }
      end(await (id === undefined ? replayAll(terminal, options) : replayOne(terminal, id, options)));
    });
}

async function replayOne(
  terminal: Terminal,
  id: string,
  { attributes: given, environment, json }: ReplayOptions,
): Promise<ExitCode> {
  const attributes = given === undefined ? null : await readAttributes(terminal, given);
  return withRuntime(
    terminal,
    async ({ records }, environmentId) => {
      const decision = await recordedDecision(records, environmentId, id);
      const replay = await records.replay(decision, attributes);
      await (json === true
        ? printJson(terminal, presentReplay(decision.decisionId, replay))
        : print(terminal, renderReplay(decision.decisionId, replay, paintFor(terminal.out))));
      return replay.status === "differs" ? EXIT_CODES.findings : EXIT_CODES.ok;
    },
    environmentKeyOf(terminal, { environment }),
  );
}

async function readAttributes(terminal: Terminal, attributes: string): Promise<JsonObject> {
  return (await subjectOf(terminal, { subject: "-", attributes })).attributes;
}

async function replayAll(terminal: Terminal, { environment, json, since = "" }: ReplayOptions): Promise<ExitCode> {
  const now = localClock.now();
  const span = { from: sinceOf(since, now), to: now + AHEAD_MICROS, stop: terminal.stop };
  const paint = paintFor(terminal.out);
  return withRuntime(
    terminal,
    async ({ records }, environmentId) => {
      const counts = await replaySpan(records, {
        ...span,
        environmentId,
        onDifference: ({ decision: { decisionId }, replay }) =>
          print(
            terminal,
            json === true ? JSON.stringify(presentReplay(decisionId, replay)) : renderReplay(decisionId, replay, paint),
          ),
      });
      const { differ, notCheckable, replayed } = counts;
      await print(
        terminal,
        json === true ? JSON.stringify({ replayed, differ, not_checkable: notCheckable }) : renderCounts(counts, paint),
      );
      return differ === 0 ? EXIT_CODES.ok : EXIT_CODES.findings;
    },
    environmentKeyOf(terminal, { environment }),
  );
}
