import type { Command } from "commander";
import { MAX_VERSIONS } from "@lotty/contracts";
import type { FlagAction } from "../control/control-source.ts";
import { flagNamed } from "../control/named.ts";
import { renderFlag, renderFlagDiff, renderFlags, renderStaleFlags, renderVersions } from "../control/render-flags.ts";
import { withControl } from "../control/with-control.ts";
import { type ApiOptions } from "../profiles/api-options.ts";
import { say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions, addVersionOption, announce, type VersionOptions } from "./control-options.ts";
import { addFlagFields, type FlagFieldOptions, flagBody } from "./flag-fields.ts";
import { show } from "./show.ts";
import { wholeOption } from "./whole-option.ts";

const EXAMPLES = `
Examples:
  $ lotty flag list --tag checkout
  $ lotty flag create banner --type string --default none --owner "team web"
  $ lotty flag edit banner --rules '[{"rule": "plan == \\"pro\\"", "value": "sun", "rollout": "12.50"}]'
  $ lotty flag disable banner
  $ lotty flag diff banner --from 3 --to 5 && lotty flag restore banner 3

Works on the database of the settings, or with --url or a profile through an API. Flags go by key or id.`;

interface ListOptions extends ApiOptions {
  readonly tag?: string;
  readonly owner?: string;
  readonly archived?: boolean;
  readonly all?: boolean;
}

type EditOptions = ApiOptions & VersionOptions & FlagFieldOptions;

/** `lotty flag`: keeps flags. */
export function addFlagCommands(program: Command, { terminal }: CommandContext): void {
  const flag = program
    .command("flag")
    .summary("list, make, change, switch, archive or restore flags")
    .description("Keep flags.")
    .addHelpText("after", EXAMPLES);
  addLooking(flag, terminal);
  addFlagFields(addControlOptions(flag.command("create").description("Make a flag.")))
    .argument("<key>", "what applications ask for")
    .option("--disabled", "switched off")
    .action(async (key: string, options: ApiOptions & FlagFieldOptions & { readonly disabled?: boolean }) => {
      const fields = await flagBody(terminal, options, "string");
      const body = { key, ...fields, ...(options.disabled === true && { enabled: false }) };
      const made = await withControl(terminal, options, ({ flags }) => flags.create(body));
      await show(terminal, options, { json: made, text: (paint) => renderFlag(made, paint) });
    });
  addFlagFields(addVersionOption(addControlOptions(flag.command("edit").description("Change a flag."))))
    .argument("<flag>")
    .action((name: string, options: EditOptions) => edit(terminal, name, options));
  for (const [action, description] of ACTIONS) {
    addVersionOption(addControlOptions(flag.command(action).description(description)))
      .argument("<flag>")
      .action((name: string, options: ApiOptions & VersionOptions) => act(terminal, name, { ...options, action }));
  }
  addVersionOption(addControlOptions(flag.command("restore").description("Let a flag decide as it did once.")))
    .argument("<flag>")
    .argument("<earlier>", "the version that it decides as from now on", wholeOption)
    .action((name: string, earlier: number, options: ApiOptions & VersionOptions) =>
      restore(terminal, name, { ...options, earlier }),
    );
  addVersionOption(addControlOptions(flag.command("remove").description("Remove an archived flag for good.")))
    .argument("<flag>")
    .action((name: string, options: ApiOptions & VersionOptions) => remove(terminal, name, options));
}

const ACTIONS: readonly (readonly [FlagAction, string])[] = [
  ["enable", "Switch a flag on."],
  ["disable", "Switch a flag off: everyone gets the default value."],
  ["archive", "Put a flag away that nobody needs."],
  ["unarchive", "Take a flag out of the archive."],
];

function addLooking(flag: Command, terminal: Terminal): void {
  addControlOptions(flag.command("list").description("Show flags that are in use."))
    .option("--tag <tag>", "only those with this tag")
    .option("--owner <name>", "only those of this owner")
    .option("--archived", "only those that are archived")
    .option("--all", "archived ones, too")
    .action((options: ListOptions) => list(terminal, options));
  addControlOptions(flag.command("show").description("Show a flag."))
    .argument("<flag>", "key or id")
    .action(async (name: string, options: ApiOptions) => {
      const found = await withControl(terminal, options, (source) => flagNamed(source, name));
      await show(terminal, options, { json: found, text: (paint) => renderFlag(found, paint) });
    });
  addControlOptions(flag.command("versions").description("Show what a flag was like, newest first."))
    .argument("<flag>")
    .option("--limit <count>", "most versions to show", wholeOption, MAX_VERSIONS)
    .action(async (name: string, options: ApiOptions & { readonly limit: number }) => {
      const versions = await withControl(terminal, options, async (source) =>
        source.flags.versions((await flagNamed(source, name)).id, options.limit),
      );
      await show(terminal, options, { json: { versions }, text: (paint) => renderVersions(versions, paint) });
    });
  addControlOptions(flag.command("diff").description("Show what differs between two versions of a flag."))
    .argument("<flag>")
    .requiredOption("--from <version>", "what it was like", wholeOption)
    .requiredOption("--to <version>", "what became of it", wholeOption)
    .action(async (name: string, options: ApiOptions & { readonly from: number; readonly to: number }) => {
      const { from, to } = options;
      const differences = await withControl(terminal, options, async (source) =>
        source.flags.diff((await flagNamed(source, name)).id, { from, to }),
      );
      await show(terminal, options, { json: { differences }, text: () => renderFlagDiff(differences) });
    });
  addControlOptions(flag.command("stale").description("Show flags that nobody seems to need any more."))
    .option("--days <count>", "days without a decision, or with one value for everyone", wholeOption, 30)
    .action(async (options: ApiOptions & { readonly days: number }) => {
      const flags = await withControl(terminal, options, (source) => source.flags.stale(options.days));
      await show(terminal, options, { json: { flags }, text: (paint) => renderStaleFlags(flags, paint) });
    });
}

async function list(terminal: Terminal, options: ListOptions): Promise<void> {
  const { all, archived = false, owner, tag } = options;
  const filter = {
    ...(all !== true && { archived }),
    ...(owner !== undefined && { owner }),
    ...(tag !== undefined && { tag }),
  };
  const flags = await withControl(terminal, options, (source) => source.flags.list(filter));
  await show(terminal, options, { json: { flags }, text: (paint) => renderFlags(flags, paint) });
}

async function edit(terminal: Terminal, name: string, options: EditOptions): Promise<void> {
  const changed = await withControl(terminal, options, async (source) => {
    const flag = await flagNamed(source, name);
    const body = await flagBody(terminal, options, flag.type);
    await announce(terminal, options, `Changing version ${flag.version} of ${flag.key}.`);
    return source.flags.edit(flag.id, options.version ?? flag.version, body);
  });
  await show(terminal, options, { json: changed, text: (paint) => renderFlag(changed, paint) });
}

async function act(
  terminal: Terminal,
  name: string,
  options: ApiOptions & VersionOptions & { readonly action: FlagAction },
): Promise<void> {
  const flag = await withControl(terminal, options, async (source) =>
    source.flags.act((await flagNamed(source, name)).id, options.action, options.version),
  );
  await show(terminal, options, { json: flag, text: (paint) => renderFlag(flag, paint) });
}

async function restore(
  terminal: Terminal,
  name: string,
  options: ApiOptions & VersionOptions & { readonly earlier: number },
): Promise<void> {
  const flag = await withControl(terminal, options, async (source) =>
    source.flags.restore((await flagNamed(source, name)).id, options.earlier, options.version),
  );
  await show(terminal, options, { json: flag, text: (paint) => renderFlag(flag, paint) });
}

async function remove(terminal: Terminal, name: string, options: ApiOptions & VersionOptions): Promise<void> {
  const removed = await withControl(terminal, options, async (source) => {
    const flag = await flagNamed(source, name);
    await source.flags.remove(flag.id, options.version);
    return flag.key;
  });
  if (options.json === true) return show(terminal, options, { json: { removed }, text: () => removed });
  await say(terminal, "Removed.");
}
