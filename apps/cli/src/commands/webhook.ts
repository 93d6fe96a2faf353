import { WEBHOOK_FORMATS } from "@lotty/domain";
import { type Command, Option } from "commander";
import {
  httpWebhooks,
  webhookNamed,
  type WebhookSource,
  type WebhookWithSecret,
} from "../notifications/http-notifications.ts";
import { renderDelivery, renderWebhooks } from "../notifications/render-notifications.ts";
import type { PlaceOptions } from "../profiles/api-options.ts";
import { withApi } from "../sources/with-api.ts";
import { readSecret } from "../terminal/read-secret.ts";
import { print, say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions, addVersionOption, type VersionOptions } from "./control-options.ts";
import { show } from "./show.ts";

const EXAMPLES = `
Examples:
  $ pass show chat/hook | lotty webhook add chat --format slack
  $ pass show chat/new-hook | lotty webhook edit chat --address
  $ lotty webhook test chat
  $ lotty webhook rotate chat
  $ lotty webhook disable chat

An address lets others post there, so it is asked for, or is the first line of the standard input, and never an argument.
Needs a running API: --url or a profile. Webhooks go by name or id.`;

type ChangeOptions = PlaceOptions & VersionOptions;

/** `lotty webhook`: keeps the places where people are told what happens. */
export function addWebhookCommands(program: Command, { terminal }: CommandContext): void {
  const webhook = program
    .command("webhook")
    .summary("list, add, change, test, switch or remove webhooks")
    .description("Keep the places where people are told what happens.")
    .addHelpText("after", EXAMPLES);
  addControlOptions(webhook.command("list").description("Show all webhooks, without their secrets.")).action(
    async (options: PlaceOptions) => {
      const webhooks = await withWebhooks(terminal, options, (source) => source.list());
      await show(terminal, options, { json: { webhooks }, text: (paint) => renderWebhooks(webhooks, paint) });
    },
  );
  addControlOptions(
    webhook.command("add").description("Add a webhook, and print its signing secret for the only time."),
  )
    .argument("<name>")
    .addOption(new Option("--format <format>", "what is sent").choices(WEBHOOK_FORMATS).default("standard"))
    .action(async (name: string, options: PlaceOptions & { readonly format: string }) => {
      const url = await readSecret(terminal, "Address of the webhook:", "address");
      await withSecret(terminal, options, (source) => source.create({ name, url, format: options.format }));
    });
  addChange(
    webhook,
    "rotate",
    "Give it another signing secret, and print that; the old one signs as well for a while.",
  ).action((name: string, options: ChangeOptions) =>
    withSecret(terminal, options, async (source) =>
      source.rotate((await webhookNamed(source, name)).id, options.version),
    ),
  );
  addEdit(webhook, terminal);
  for (const [action, disabled, description] of [
    ["enable", false, "Send to it again."],
    ["disable", true, "Send nothing to it."],
  ] as const) {
    addChange(webhook, action, description).action(async (name: string, options: ChangeOptions) => {
      const changed = await withWebhooks(terminal, options, async (source) =>
        source.edit((await webhookNamed(source, name)).id, { disabled }, options.version),
      );
      await show(terminal, options, { json: changed, text: (paint) => renderWebhooks([changed], paint) });
    });
  }
  addChange(webhook, "remove", "Remove it.").action((name: string, options: ChangeOptions) =>
    remove(terminal, name, options),
  );
  addControlOptions(
    webhook.command("test").description("Have a message sent to it; `lotty delivery` tells what came of it."),
  )
    .argument("<webhook>", "name or id")
    .action((name: string, options: PlaceOptions) => test(terminal, name, options));
}

interface EditOptions extends ChangeOptions {
  readonly rename?: string;
  readonly format?: string;
  readonly address?: boolean;
}

function addEdit(webhook: Command, terminal: Terminal): void {
  addChange(webhook, "edit", "Change its name, its address or what is sent.")
    .option("--rename <name>", "another name")
    .addOption(new Option("--format <format>", "what is sent").choices(WEBHOOK_FORMATS))
    .option("--address", "ask for another address, or take it from the first line of the standard input")
    .action(async (name: string, options: EditOptions) => {
      const { address, format, rename } = options;
      const url = address === true ? await readSecret(terminal, "Address of the webhook:", "address") : undefined;
      const body = {
        ...(rename !== undefined && { name: rename }),
        ...(format !== undefined && { format }),
        ...(url !== undefined && { url }),
      };
      const changed = await withWebhooks(terminal, options, async (source) =>
        source.edit((await webhookNamed(source, name)).id, body, options.version),
      );
      await show(terminal, options, { json: changed, text: (paint) => renderWebhooks([changed], paint) });
    });
}

function addChange(webhook: Command, name: string, description: string): Command {
  const command = addVersionOption(addControlOptions(webhook.command(name).description(description)));
  return command.argument("<webhook>", "name or id");
}

async function withSecret(
  terminal: Terminal,
  options: PlaceOptions,
  work: (source: WebhookSource) => Promise<WebhookWithSecret>,
): Promise<void> {
  const made = await withWebhooks(terminal, options, work);
  if (options.json === true) return show(terminal, options, { json: made, text: () => "" });
  await print(terminal, made.secret ?? "");
  await say(terminal, `Messages to ${made.name} are signed with this. It is shown only now.`);
}

async function remove(terminal: Terminal, name: string, options: ChangeOptions): Promise<void> {
  const removed = await withWebhooks(terminal, options, async (source) => {
    const found = await webhookNamed(source, name);
    await source.remove(found.id, options.version);
    return found.name;
  });
  if (options.json === true) return show(terminal, options, { json: { removed }, text: () => removed });
  await say(terminal, "Removed.");
}

async function test(terminal: Terminal, name: string, options: PlaceOptions): Promise<void> {
  const { delivery, webhook } = await withWebhooks(terminal, options, async (source) => {
    const found = await webhookNamed(source, name);
    return { webhook: found, delivery: await source.test(found.id) };
  });
  const names = new Map([[webhook.id, webhook.name]]);
  await show(terminal, options, { json: delivery, text: (paint) => renderDelivery(delivery, names, paint) });
}

function withWebhooks<T>(
  terminal: Terminal,
  options: PlaceOptions,
  work: (source: WebhookSource) => Promise<T>,
): Promise<T> {
  return withApi(terminal, options, (client) => work(httpWebhooks(client)));
}
