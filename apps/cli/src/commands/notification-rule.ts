import type { NotificationRuleResponse } from "@lotty/contracts/notifications";
import type { Command } from "commander";
import { httpControlSource } from "../control/http-control-source.ts";
import { experimentKeys } from "../control/named.ts";
import type { Names } from "../control/render-surroundings.ts";
import {
  httpNotificationRules,
  httpWebhooks,
  notificationRuleNamed,
  type NotificationRuleSource,
} from "../notifications/http-notifications.ts";
import { renderNotificationRules } from "../notifications/render-notifications.ts";
import type { PlaceOptions } from "../profiles/api-options.ts";
import type { ApiClient } from "../sources/api-client.ts";
import { withApi } from "../sources/with-api.ts";
import { say, type Terminal } from "../terminal/terminal.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions, addVersionOption, announce, type VersionOptions } from "./control-options.ts";
import { addNotificationRuleFields, notificationRuleBody, type RuleFieldOptions } from "./notification-rule-fields.ts";
import { show } from "./show.ts";

const EXAMPLES = `
Examples:
  $ lotty notification-rule create alarms --webhook chat --kind guardrail.fired --kind certificate.failed
  $ lotty notification-rule create web --webhook chat --tag web --digest 30
  $ lotty notification-rule edit web --experiment summer --max-per-hour 6
  $ lotty notification-rule disable web

Needs a running API: --url or a profile. Rules and webhooks go by name or id, experiments by key or id.`;

type ChangeOptions = PlaceOptions & VersionOptions;

/** `lotty notification-rule`: keeps what people are told where. */
export function addNotificationRuleCommands(program: Command, { terminal }: CommandContext): void {
  const rule = program
    .command("notification-rule")
    .summary("list, make, change, switch or remove rules of what is told where")
    .description("Keep what people are told where.")
    .addHelpText("after", EXAMPLES);
  addControlOptions(rule.command("list").description("Show all rules.")).action((options: PlaceOptions) =>
    list(terminal, options),
  );
  addNotificationRuleFields(addControlOptions(rule.command("create").description("Make a rule.")))
    .argument("<name>")
    .action((name: string, options: PlaceOptions & RuleFieldOptions) =>
      shown(terminal, options, async (client) =>
        httpNotificationRules(client).create({ name, ...(await notificationRuleBody(client, options)) }),
      ),
    );
  addNotificationRuleFields(addChange(rule, "edit", "Change a rule. Lists are given whole."))
    .option("--rename <name>", "another name")
    .action((name: string, options: ChangeOptions & RuleFieldOptions & { readonly rename?: string }) =>
      edit(terminal, options, {
        name,
        body: async (client) => ({
          ...(options.rename !== undefined && { name: options.rename }),
          ...(await notificationRuleBody(client, options)),
        }),
      }),
    );
  for (const [action, enabled, description] of [
    ["enable", true, "Let a rule tell again."],
    ["disable", false, "Let a rule tell nothing."],
  ] as const) {
    addChange(rule, action, description).action((name: string, options: ChangeOptions) =>
      edit(terminal, options, { name, body: () => Promise.resolve({ enabled }) }),
    );
  }
  addChange(rule, "remove", "Remove a rule.").action((name: string, options: ChangeOptions) =>
    remove(terminal, name, options),
  );
}

function addChange(rule: Command, name: string, description: string): Command {
  const command = addVersionOption(addControlOptions(rule.command(name).description(description)));
  return command.argument("<rule>", "name or id");
}

async function list(terminal: Terminal, options: PlaceOptions): Promise<void> {
  const { names, rules } = await withApi(terminal, options, async (client) => ({
    rules: await httpNotificationRules(client).list(),
    names: await namesIn(client),
  }));
  await show(terminal, options, { json: { rules }, text: (paint) => renderNotificationRules(rules, names, paint) });
}

interface Edit {
  readonly name: string;
  readonly body: (client: ApiClient) => Promise<object>;
}

function edit(terminal: Terminal, options: ChangeOptions, { body, name }: Edit): Promise<void> {
  return shown(terminal, options, async (client) => {
    const source = httpNotificationRules(client);
    const before = await notificationRuleNamed(source, name);
    await announce(terminal, options, `Changing version ${before.version} of ${before.name}.`);
    return source.edit(before.id, options.version ?? before.version, await body(client));
  });
}

async function remove(terminal: Terminal, name: string, options: ChangeOptions): Promise<void> {
  const removed = await withApi(terminal, options, async (client) => {
    const source: NotificationRuleSource = httpNotificationRules(client);
    const found = await notificationRuleNamed(source, name);
    await source.remove(found.id, options.version);
    return found.name;
  });
  if (options.json === true) return show(terminal, options, { json: { removed }, text: () => removed });
  await say(terminal, "Removed.");
}

async function shown(
  terminal: Terminal,
  options: PlaceOptions,
  work: (client: ApiClient) => Promise<NotificationRuleResponse>,
): Promise<void> {
  const { names, rule } = await withApi(terminal, options, async (client) => ({
    rule: await work(client),
    names: await namesIn(client),
  }));
  await show(terminal, options, { json: rule, text: (paint) => renderNotificationRules([rule], names, paint) });
}

async function namesIn(client: ApiClient): Promise<Names> {
  const webhooks = await httpWebhooks(client).list();
  const experiments = await experimentKeys(httpControlSource(client));
  return new Map([...experiments, ...webhooks.map(({ id, name }) => [id, name] as const)]);
}
