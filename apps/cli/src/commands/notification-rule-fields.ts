import { ANNOUNCEMENT_KINDS, type AnnouncementKind } from "@lotty/domain";
import type { Command } from "commander";
import { httpControlSource } from "../control/http-control-source.ts";
import { experimentNamed } from "../control/named.ts";
import { httpWebhooks, webhookNamed } from "../notifications/http-notifications.ts";
import type { ApiClient } from "../sources/api-client.ts";
import { repeatable } from "./repeatable.ts";
import { wholeOption } from "./whole-option.ts";

/** Fields of a rule as given on the command line; `false` for those that are taken away. */
export interface RuleFieldOptions {
  readonly webhook?: readonly string[];
  readonly kind?: readonly AnnouncementKind[] | false;
  readonly experiment?: readonly string[] | false;
  readonly tag?: readonly string[] | false;
  readonly digest?: number | false;
  readonly maxPerHour?: number | false;
}

/** Adds the options for the fields of a rule. */
export function addNotificationRuleFields(command: Command): Command {
  return command
    .option("--webhook <webhook...>", "where people are told")
    .option("--kind <kind>", "what they are told; may be given several times", repeatable(ANNOUNCEMENT_KINDS))
    .option("--no-kind", "everything")
    .option("--experiment <experiment...>", "only about these experiments")
    .option("--no-experiment", "about every experiment")
    .option("--tag <tag...>", "only about experiments on flags with one of these tags")
    .option("--no-tag", "whatever the tags")
    .option("--digest <minutes>", "gather what happens for so long, and tell it together", wholeOption)
    .option("--no-digest", "tell at once")
    .option("--max-per-hour <number>", "most messages to each webhook in an hour", wholeOption)
    .option("--no-max-per-hour", "as many as there are");
}

/**
 * The body that makes or changes a rule, with the ids of what is named.
 *
 * @throws LottyError `not_found`; what the API answers
 */
export async function notificationRuleBody(client: ApiClient, options: RuleFieldOptions): Promise<object> {
  const { digest, experiment, kind, maxPerHour, tag, webhook } = options;
  const [webhooks, control] = [httpWebhooks(client), httpControlSource(client)];
  return {
    ...(webhook !== undefined && { webhook_ids: await idsOf(webhook, (name) => webhookNamed(webhooks, name)) }),
    ...(kind !== undefined && { kinds: listed(kind) }),
    ...(experiment !== undefined && {
      experiment_ids: await idsOf(listed(experiment), (name) => experimentNamed(control, name)),
    }),
    ...(tag !== undefined && { tags: listed(tag) }),
    ...(digest !== undefined && { digest_minutes: digest === false ? 0 : digest }),
    ...(maxPerHour !== undefined && { max_per_hour: maxPerHour === false ? null : maxPerHour }),
  };
}

function listed<T>(given: readonly T[] | false): readonly T[] {
  return given === false ? [] : given;
}

async function idsOf(
  names: readonly string[],
  find: (name: string) => Promise<{ readonly id: string }>,
): Promise<readonly string[]> {
  const found = await Promise.all(names.map(find));
  return found.map(({ id }) => id);
}
