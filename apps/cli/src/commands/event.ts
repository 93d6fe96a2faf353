import { createReadStream } from "node:fs";
import type { Command } from "commander";
import { EXIT_CODES } from "../exit-code.ts";
import { eventBatches } from "../events/event-batches.ts";
import { withEvents } from "../events/event-source.ts";
import { renderCounts, renderEvents } from "../events/render-events.ts";
import { sendEvents, type RefusedLine } from "../events/send-events.ts";
import type { ApiOptions } from "../profiles/api-options.ts";
import { readLines } from "../subjects/read-lines.ts";
import { printJson, say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions } from "./control-options.ts";
import { show } from "./show.ts";
import { wholeOption } from "./whole-option.ts";

const EXAMPLES = `
Examples:
  $ lotty event send events.ndjson
  $ gunzip -c events.ndjson.gz | lotty event send - --url https://lotty.example --json
  $ lotty event list --subject ada

A line of the file is an event: {"event_id": "order-1042", "event_type": "purchase", "subject_id": "ada", "timestamp": "2026-05-01T12:00:00Z", "value": 59.9}`;

/** Lines that are shown one by one; the rest is only counted. */
const MAX_SHOWN = 20;

const FIRST_PAUSE_MILLIS = 500;
const DEFAULT_LIMIT = 50;

interface SendFlags extends ApiOptions {
  readonly fromLine: number;
}

interface ListFlags extends ApiOptions {
  readonly subject: string;
  readonly type?: string;
  readonly limit: number;
}

/** `lotty event`: sends events and looks them up. */
export function addEventCommands(program: Command, { end, terminal }: CommandContext): void {
  const event = program
    .command("event")
    .summary("send events and look them up")
    .description("Send what happened to subjects, and look it up.")
    .addHelpText("after", EXAMPLES);
  addControlOptions(event.command("send").description("Send the events of a file, one JSON object a line."))
    .argument("<file>", "a file, or - for the standard input")
    .option("--from-line <number>", "begin here, to go on with a file", wholeOption, 1)
    .action(async (file: string, options: SendFlags) => {
      if (await send(terminal, file, options)) end(EXIT_CODES.findings);
    });
  addControlOptions(event.command("list").description("List the events of a subject, latest first."))
    .requiredOption("--subject <id>", "whose events")
    .option("--type <key>", "only those of this type")
    .option("--limit <count>", "most to show", wholeOption, DEFAULT_LIMIT)
    .action(async (options: ListFlags) => {
      const { limit, subject, type } = options;
      const filter = { subject, limit, ...(type !== undefined && { type }) };
      const events = await withEvents(terminal, options, (source) => source.list(filter));
      await show(terminal, options, { json: { events }, text: (paint) => renderEvents(events, paint) });
    });
}

/** Sends a file; tells whether anything of it was not taken. */
async function send(terminal: Terminal, file: string, options: SendFlags): Promise<boolean> {
  const input = file === "-" ? terminal.input.stream : createReadStream(file);
  let shown = 0;
  let settled = options.fromLine - 1;
  const onRefused = async ({ code, number, reason }: RefusedLine): Promise<void> => {
    shown += 1;
    if (shown <= MAX_SHOWN) await say(terminal, `line ${number}: ${code}: ${reason}`);
    if (shown === MAX_SHOWN) await say(terminal, "Further lines that are not taken are only counted.");
  };
  const onSettled = async (lastLine: number): Promise<void> => {
    settled = lastLine;
  };
  try {
    const counts = await withEvents(terminal, options, (source) =>
      sendEvents(eventBatches(readLines(input), options.fromLine), {
        source,
        signal: terminal.stop,
        onRefused,
        onSettled,
        pauseMillis: FIRST_PAUSE_MILLIS,
      }),
    );
    if (options.json === true) await printJson(terminal, { ...counts, last_line: settled });
    else await say(terminal, renderCounts(counts));
    return counts.rejected + counts.unreadable + counts.conflicts > 0;
  } catch (error) {
    if (settled > 0) {
      await say(terminal, `Everything up to line ${settled} is sent. Go on with --from-line ${settled + 1}.`);
    }
    throw error;
  }
}
