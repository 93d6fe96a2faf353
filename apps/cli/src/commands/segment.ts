import type { SegmentResponse } from "@lotty/contracts";
import type { Command } from "commander";
import type { ControlSource } from "../control/control-source.ts";
import { segmentNamed } from "../control/named.ts";
import { renderSegments } from "../control/render-surroundings.ts";
import { withControl } from "../control/with-control.ts";
import type { ApiOptions } from "../profiles/api-options.ts";
import { say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions, addVersionOption, announce, type VersionOptions } from "./control-options.ts";
import { show } from "./show.ts";

const EXAMPLES = `
Examples:
  $ lotty segment create staff 'email ENDS_WITH "@example.com"'
  $ lotty segment edit staff 'email ENDS_WITH "@example.org"'

Rules ask for a segment with IN SEGMENT "staff".`;

/** `lotty segment`: keeps segments. */
export function addSegmentCommands(program: Command, { terminal }: CommandContext): void {
  const segment = program
    .command("segment")
    .summary("list, make, change or remove segments")
    .description("Keep rules by name, which other rules ask for.")
    .addHelpText("after", EXAMPLES);
  addControlOptions(segment.command("list").description("Show all segments.")).action(async (options: ApiOptions) => {
    const segments = await withControl(terminal, options, (source) => source.segments.list());
    await show(terminal, options, { json: { segments }, text: (paint) => renderSegments(segments, paint) });
  });
  addControlOptions(segment.command("show").description("Show a segment."))
    .argument("<segment>", "key or id")
    .action((name: string, options: ApiOptions) => shown(terminal, options, (source) => segmentNamed(source, name)));
  addControlOptions(segment.command("create").description("Make a segment."))
    .argument("<key>")
    .argument("<rule>", "in the rule language")
    .action((key: string, rule: string, options: ApiOptions) =>
      shown(terminal, options, (source) => source.segments.create({ key, rule })),
    );
  addVersionOption(addControlOptions(segment.command("edit").description("Give a segment another rule.")))
    .argument("<segment>")
    .argument("<rule>")
    .action((name: string, rule: string, options: ApiOptions & VersionOptions) =>
      shown(terminal, options, async (source) => {
        const before = await segmentNamed(source, name);
        await announce(terminal, options, `Changing version ${before.version} of ${before.key}.`);
        return source.segments.edit(before.id, options.version ?? before.version, { rule });
      }),
    );
  addVersionOption(addControlOptions(segment.command("remove").description("Remove a segment that no rule asks for.")))
    .argument("<segment>")
    .action((name: string, options: ApiOptions & VersionOptions) => remove(terminal, name, options));
}

async function shown(
  terminal: Terminal,
  options: ApiOptions,
  work: (source: ControlSource) => Promise<SegmentResponse>,
): Promise<void> {
  const segment = await withControl(terminal, options, work);
  await show(terminal, options, { json: segment, text: (paint) => renderSegments([segment], paint) });
}

async function remove(terminal: Terminal, name: string, options: ApiOptions & VersionOptions): Promise<void> {
  const removed = await withControl(terminal, options, async (source) => {
    const { id, key } = await segmentNamed(source, name);
    await source.segments.remove(id, options.version);
    return key;
  });
  if (options.json === true) return show(terminal, options, { json: { removed }, text: () => removed });
  await say(terminal, "Removed.");
}
