import type { DeliveryResponse } from "@lotty/contracts/notifications";
import { DELIVERY_STATUSES } from "@lotty/domain";
import { type Command, Option } from "commander";
import {
  type DeliverySource,
  httpDeliveries,
  httpWebhooks,
  webhookNamed,
} from "../notifications/http-notifications.ts";
import { renderDeliveries, renderDelivery } from "../notifications/render-notifications.ts";
import type { PlaceOptions } from "../profiles/api-options.ts";
import type { ApiClient } from "../sources/api-client.ts";
import { withApi } from "../sources/with-api.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions } from "./control-options.ts";
import { show } from "./show.ts";
import { wholeOption } from "./whole-option.ts";

const EXAMPLES = `
Examples:
  $ lotty delivery list --status failed --webhook chat
  $ lotty delivery show 01a203d3-6d24-7000-8000-000000000001
  $ lotty delivery replay 01a203d3-6d24-7000-8000-000000000001

Needs a running API: --url or a profile.`;

/** Deliveries that are shown when nothing is said. */
const LINES = 50;

interface ListOptions extends PlaceOptions {
  readonly webhook?: string;
  readonly status?: string;
  readonly limit: number;
}

/** `lotty delivery`: what became of messages to webhooks. */
export function addDeliveryCommands(program: Command, { terminal }: CommandContext): void {
  const delivery = program
    .command("delivery")
    .summary("show what became of messages to webhooks, or send them again")
    .description("Look at what became of messages to webhooks.")
    .addHelpText("after", EXAMPLES);
  addControlOptions(delivery.command("list").description("Show deliveries, the newest first."))
    .option("--webhook <webhook>", "only those to a webhook, by name or id")
    .addOption(new Option("--status <status>", "only those that stand so").choices(DELIVERY_STATUSES))
    .option("--limit <number>", "most deliveries", wholeOption, LINES)
    .action((options: ListOptions) => list(terminal, options));
  addControlOptions(delivery.command("show").description("Show a delivery, every attempt, and what was answered."))
    .argument("<id>")
    .action((id: string, options: PlaceOptions) => shown(terminal, options, (source) => source.find(id)));
  addControlOptions(delivery.command("replay").description("Send the message of a delivery once more."))
    .argument("<id>")
    .action((id: string, options: PlaceOptions) => shown(terminal, options, (source) => source.replay(id)));
}

async function list(terminal: Terminal, options: ListOptions): Promise<void> {
  const { limit, status, webhook } = options;
  const { deliveries, names } = await withApi(terminal, options, async (client) => {
    const id = webhook === undefined ? undefined : (await webhookNamed(httpWebhooks(client), webhook)).id;
    const question = { ...(id !== undefined && { webhook_id: id }), ...(status !== undefined && { status }) };
    return { deliveries: await httpDeliveries(client).list(question, limit), names: await webhookNames(client) };
  });
  await show(terminal, options, {
    json: { deliveries },
    text: (paint) => renderDeliveries(deliveries, names, paint),
  });
}

async function shown(
  terminal: Terminal,
  options: PlaceOptions,
  work: (source: DeliverySource) => Promise<DeliveryResponse>,
): Promise<void> {
  const { delivery, names } = await withApi(terminal, options, async (client) => ({
    delivery: await work(httpDeliveries(client)),
    names: await webhookNames(client),
  }));
  await show(terminal, options, { json: delivery, text: (paint) => renderDelivery(delivery, names, paint) });
}

async function webhookNames(client: ApiClient): Promise<ReadonlyMap<string, string>> {
  return new Map((await httpWebhooks(client).list()).map(({ id, name }) => [id, name]));
}
