import { ANNOUNCEMENT_KINDS, compareCodePoints, MAX_DIGEST_MINUTES, MAX_MESSAGES_PER_HOUR } from "@lotty/domain";
import { isUuid } from "../uuid.ts";
import type { Located, NodeReader } from "../node-reader.ts";
import { readReference } from "../read-reference.ts";
import { readNames } from "../read-texts.ts";
import type { NotificationRuleDefinition } from "./notification-rule-definition.ts";

/** What could be read of a notification rule. */
export interface NotificationRuleReading {
  readonly key: string;
  readonly place: Located;
  readonly definition: NotificationRuleDefinition | undefined;
}

const FIELDS = [
  "name",
  "enabled",
  "webhooks",
  "kinds",
  "experiments",
  "tags",
  "digest_minutes",
  "max_per_hour",
] as const;

/** Reads one element of `notification_rules`. Whether there are such webhooks is seen when the file is applied. */
export function readNotificationRule(
  reader: NodeReader,
  value: Located,
  experiments: ReadonlySet<string>,
): NotificationRuleReading | undefined {
  const fields = reader.fields(value, FIELDS);
  if (fields === undefined) return undefined;
  const place = reader.required(fields, "name");
  const webhooksField = reader.required(fields, "webhooks");
  const name = place && reader.name(place);
  const enabled = fields.enabled === undefined ? true : reader.boolean(fields.enabled);
  const webhooks = webhooksField && readNames(reader, webhooksField);
  const kinds = readEach(reader, fields.kinds, (item) => reader.choice(item, ANNOUNCEMENT_KINDS));
  const about = readEach(reader, fields.experiments, (item) => readExperimentKey(reader, item, experiments));
  const tags = fields.tags === undefined ? [] : readNames(reader, fields.tags);
  const digestMinutes =
    fields.digest_minutes === undefined ? 0 : reader.integer(fields.digest_minutes, 0, MAX_DIGEST_MINUTES);
  const maxPerHour =
    fields.max_per_hour === undefined ? null : reader.integer(fields.max_per_hour, 1, MAX_MESSAGES_PER_HOUR);
  if (webhooksField !== undefined && webhooks?.length === 0) {
    reader.reject(webhooksField, "a rule tells at least one webhook");
  }
  if (place === undefined || name === undefined) return undefined;
  const reading = { key: name, place };
  if (enabled === undefined || webhooks === undefined || kinds === undefined || about === undefined) {
    return { ...reading, definition: undefined };
  }
  if (tags === undefined || digestMinutes === undefined || maxPerHour === undefined) {
    return { ...reading, definition: undefined };
  }
  const definition = {
    name,
    enabled,
    kinds: sorted(kinds),
    experiments: sorted(about),
    tags: sorted(tags),
    webhooks: sorted(webhooks),
    digestMinutes,
    maxPerHour,
  };
  return { ...reading, definition };
}

/** Rules outlive the experiments that they are about; those go by their ids then. */
function readExperimentKey(reader: NodeReader, value: Located, known: ReadonlySet<string>): string | undefined {
  const text = reader.name(value);
  if (text !== undefined && isUuid(text)) return text;
  return readReference(reader, value, { known, noun: "experiment", section: "experiments" });
}

function readEach<T>(
  reader: NodeReader,
  value: Located | undefined,
  read: (item: Located) => T | undefined,
): readonly T[] | undefined {
  if (value === undefined) return [];
  const items = reader.items(value)?.map(read);
  return items?.every((item) => item !== undefined) ? items : undefined;
}

function sorted<T extends string>(texts: readonly T[]): readonly T[] {
  return [...new Set(texts)].sort(compareCodePoints);
}
