import type { EventTypeResponse } from "@lotty/contracts";
import type { Command } from "commander";
import type { ControlSource } from "../control/control-source.ts";
import { eventTypeNamed } from "../control/named.ts";
import { withControl } from "../control/with-control.ts";
import { renderEventTypes } from "../events/render-events.ts";
import type { ApiOptions } from "../profiles/api-options.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions, addVersionOption, announce, type VersionOptions } from "./control-options.ts";
import { jsonOption } from "./json-option.ts";
import { show } from "./show.ts";

const EXAMPLES = `
Examples:
  $ lotty event-type create purchase --description "Paid" --schema '{"type": "object", "required": ["currency"]}'
  $ lotty event-type edit purchase --requires-exposure
  $ lotty event-type archive purchase`;

interface FieldOptions extends ApiOptions {
  readonly description?: string;
  readonly schema?: string;
  readonly requiresExposure?: boolean;
}

/** `lotty event-type`: keeps the kinds of events that are taken. */
export function addEventTypeCommands(program: Command, { terminal }: CommandContext): void {
  const type = program
    .command("event-type")
    .summary("list, make, change or archive event types")
    .description("Keep the kinds of events that are taken.")
    .addHelpText("after", EXAMPLES);
  addControlOptions(type.command("list").description("Show all event types.")).action(async (options: ApiOptions) => {
    const event_types = await withControl(terminal, options, (source) => source.eventTypes.list());
    await show(terminal, options, { json: { event_types }, text: (paint) => renderEventTypes(event_types, paint) });
  });
  addControlOptions(type.command("show").description("Show an event type."))
    .argument("<key>")
    .action((key: string, options: ApiOptions) => shown(terminal, options, (source) => eventTypeNamed(source, key)));
  addFields(addControlOptions(type.command("create").description("Make an event type.")))
    .argument("<key>")
    .action((key: string, options: FieldOptions) =>
      shown(terminal, options, async (source) =>
        source.eventTypes.create({ key, ...(await fieldsOf(terminal, options)) }),
      ),
    );
  addFields(addVersionOption(addControlOptions(type.command("edit").description("Change an event type."))))
    .argument("<key>")
    .action((key: string, options: FieldOptions & VersionOptions) =>
      edit(terminal, options, { key, body: () => fieldsOf(terminal, options) }),
    );
  for (const [name, archived] of [
    ["archive", true],
    ["restore", false],
  ] as const) {
    const description = archived ? "Take no more events of a type." : "Take events of an archived type again.";
    addVersionOption(addControlOptions(type.command(name).description(description)))
      .argument("<key>")
      .action((key: string, options: ApiOptions & VersionOptions) =>
        edit(terminal, options, { key, body: () => Promise.resolve({ archived }) }),
      );
  }
}

function addFields(command: Command): Command {
  return command
    .option("--description <text>", "for people")
    .option("--schema <json>", "JSON Schema of the properties; @file reads one, null takes any")
    .option("--requires-exposure", "such events count only from their subject's exposure on")
    .option("--no-requires-exposure", "such events count without an exposure as well");
}

async function fieldsOf(terminal: Terminal, options: FieldOptions): Promise<object> {
  const { description, requiresExposure, schema } = options;
  return {
    ...(description !== undefined && { description }),
    ...(requiresExposure !== undefined && { requires_exposure: requiresExposure }),
    ...(schema !== undefined && {
      schema: await jsonOption(terminal, { name: "--schema", given: schema, example: '{"type": "object"}' }),
    }),
  };
}

interface Edit {
  readonly key: string;
  readonly body: () => Promise<object>;
}

function edit(terminal: Terminal, options: ApiOptions & VersionOptions, { body, key }: Edit): Promise<void> {
  return shown(terminal, options, async (source) => {
    const before = await eventTypeNamed(source, key);
    await announce(terminal, options, `Changing version ${before.version} of ${before.key}.`);
    return source.eventTypes.edit(key, options.version ?? before.version, await body());
  });
}

async function shown(
  terminal: Terminal,
  options: ApiOptions,
  work: (source: ControlSource) => Promise<EventTypeResponse>,
): Promise<void> {
  const type = await withControl(terminal, options, work);
  await show(terminal, options, { json: type, text: (paint) => renderEventTypes([type], paint) });
}
