import { AUDITED_KINDS, formatInstant } from "@lotty/domain";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { AuditQuestion, KnownHead } from "../control/control-source.ts";
import { renderAudit, renderVerdict } from "../control/render-audit.ts";
import { withControl } from "../control/with-control.ts";
import { EXIT_CODES } from "../exit-code.ts";
import type { ApiOptions } from "../profiles/api-options.ts";
import { sinceOf } from "../records/since.ts";
import { localClock } from "../sources/local-ports.ts";
import { say, type Terminal, write } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions } from "./control-options.ts";
import { show } from "./show.ts";
import { wholeOption } from "./whole-option.ts";

const EXAMPLES = `
Examples:
  $ lotty audit list --kind experiment --since 7d
  $ lotty audit export --format csv > audit.csv
  $ lotty audit verify --head 5:9f2c…

Keep the head that \`verify\` prints where whoever writes to the database cannot: without it, nobody can tell whether entries are missing
at the end. For admins and approvers.`;

interface FilterOptions extends ApiOptions {
  readonly kind?: string;
  readonly entity?: string;
  readonly actor?: string;
  readonly action?: string;
  readonly since?: string;
}

/** `lotty audit`: looks at the record of all changes. */
export function addAuditCommands(program: Command, { end, terminal }: CommandContext): void {
  const audit = program
    .command("audit")
    .summary("list, export or verify the record of all changes")
    .description("Look at the record of all changes.")
    .addHelpText("after", EXAMPLES);
  addFilter(addControlOptions(audit.command("list").description("Show changes, newest first.")))
    .option("--limit <count>", "most changes to show", wholeOption, 50)
    .action(async (options: FilterOptions & { readonly limit: number }) => {
      const entries = await withControl(terminal, options, (source) =>
        source.audit.list(questionOf(options), options.limit),
      );
      await show(terminal, options, { json: { entries }, text: (paint) => renderAudit(entries, paint) });
    });
  addFilter(addControlOptions(audit.command("export").description("Print the record as a file, oldest first.")))
    .addOption(new Option("--format <format>", "form of the file").choices(["ndjson", "csv"]).default("ndjson"))
    .action((options: FilterOptions & { readonly format: "ndjson" | "csv" }) => exportAll(terminal, options));
  addControlOptions(
    audit.command("verify").description("Check that nothing was altered, removed or inserted; else ends with 1."),
  )
    .option("--head <place:hash>", "the end that an earlier check has printed", headOption)
    .action(async (options: ApiOptions & { readonly head?: KnownHead }) => {
      const verdict = await withControl(terminal, options, (source) => source.audit.verify(options.head));
      await show(terminal, options, { json: verdict, text: (paint) => renderVerdict(verdict, paint) });
      if (!verdict.ok) end(EXIT_CODES.findings);
    });
}

function addFilter(command: Command): Command {
  return command
    .addOption(new Option("--kind <kind>", "only changes of such things").choices(AUDITED_KINDS))
    .option("--entity <id>", "only changes of the thing of this id")
    .option("--actor <id>", "only changes by the person or key of this id")
    .option("--action <action>", "only these, such as experiment.start")
    .option("--since <when>", "a date, a date and time, or how long ago: 24h, 7d, 2w");
}

function questionOf({ action, actor, entity, kind, since }: FilterOptions): AuditQuestion {
  return {
    ...(kind !== undefined && { kind }),
    ...(entity !== undefined && { entity_id: entity }),
    ...(actor !== undefined && { actor_id: actor }),
    ...(action !== undefined && { action }),
    ...(since !== undefined && { from: formatInstant(sinceOf(since, localClock.now())) }),
  };
}

async function exportAll(
  terminal: Terminal,
  options: FilterOptions & { readonly format: "ndjson" | "csv" },
): Promise<void> {
  await withControl(terminal, options, async (source) => {
    for await (const piece of source.audit.export(questionOf(options), options.format))
      await write(terminal.out, piece);
  });
  if (options.json !== true && terminal.out.isTerminal) await say(terminal, "That is all of it.");
}

function headOption(given: string): KnownHead {
  const [, sequence, hash] = /^(\d{1,15}):([\da-f]{64})$/.exec(given) ?? [];
  if (sequence !== undefined && hash !== undefined) return { sequence: Number(sequence), hash };
  throw new InvalidArgumentError("Not a place and a hash, as `lotty audit verify` prints them.");
}
