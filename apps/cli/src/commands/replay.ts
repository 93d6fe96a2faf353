import type { JsonObject } from "@lotty/domain";
import type { Command } from "commander";
import { EXIT_CODES, type ExitCode } from "../exit-code.ts";
import { renderCounts, renderReplay } from "../records/render-replay.ts";
import { sinceOf } from "../records/since.ts";
import { localClock } from "../sources/local-ports.ts";
import { addPlaceOptions, type PlaceOptions } from "../profiles/api-options.ts";
import { withRecords } from "../records/with-records.ts";
import { paintFor } from "../terminal/paint.ts";
import { print, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { show } from "./show.ts";
import { subjectOf } from "./subject-options.ts";

interface ReplayOptions extends PlaceOptions {
  readonly attributes?: string;
  readonly since?: string;
}

const EXAMPLES = `
Examples:
  $ lotty replay 01a203d3-6d24-759b-8ca4-550d45d0a6cd --attributes '{"country": "DE"}'
  $ lotty replay --since 24h

Exit code: 0, or 1 when some decision does not come out as it is recorded. Changes nothing.`;

/** `lotty replay`: takes recorded decisions again and compares. */
export function addReplayCommand(program: Command, { terminal, end }: CommandContext): void {
  const command = addPlaceOptions(program.command("replay"))
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

async function replayOne(terminal: Terminal, id: string, options: ReplayOptions): Promise<ExitCode> {
  const { attributes: given } = options;
  const attributes = given === undefined ? null : await readAttributes(terminal, given);
  const replay = await withRecords(terminal, options, (source) => source.replay(id, attributes));
  await show(terminal, options, { json: replay, text: (paint) => renderReplay(replay, paint) });
  return replay.status === "differs" ? EXIT_CODES.findings : EXIT_CODES.ok;
}

async function readAttributes(terminal: Terminal, attributes: string): Promise<JsonObject> {
  return (await subjectOf(terminal, { subject: "-", attributes })).attributes;
}

async function replayAll(terminal: Terminal, options: ReplayOptions): Promise<ExitCode> {
  const { json, since = "" } = options;
  const from = sinceOf(since, localClock.now());
  const paint = paintFor(terminal.out);
  const counts = await withRecords(terminal, options, (source) =>
    source.replayAll({
      from,
      stop: terminal.stop,
      onDifference: (found) => print(terminal, json === true ? JSON.stringify(found) : renderReplay(found, paint)),
    }),
  );
  const { differ, notCheckable, replayed } = counts;
  await print(
    terminal,
    json === true ? JSON.stringify({ replayed, differ, not_checkable: notCheckable }) : renderCounts(counts, paint),
  );
  return differ === 0 ? EXIT_CODES.ok : EXIT_CODES.findings;
}
