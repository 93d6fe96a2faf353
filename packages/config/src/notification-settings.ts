import type { Settings } from "./arrange-config.ts";
import { readNetworks } from "./network-list.ts";
import { optionalList, optionalSecret, type Setting, wholeNumber } from "./setting.ts";

type NotificationSettingName = "SECRETS_KEY" | "WEBHOOK_ALLOWED_NETWORKS" | "NOTIFICATION_RETENTION_DAYS";

const MIN_KEY_LENGTH = 32;

/** The settings that say how people are told what happens. */
export const notificationSettings: { readonly [Name in NotificationSettingName]: Setting<Settings[Name]> } = {
  SECRETS_KEY: optionalSecret({
    group: "Notifications",
    description:
      "Key under which addresses and signing secrets of webhooks are encrypted in the database, the same for every process; without it they are kept readable there.",
    values: `a random text of at least ${MIN_KEY_LENGTH} characters`,
    faultOf: (key) => (key.length < MIN_KEY_LENGTH ? `has fewer than ${MIN_KEY_LENGTH} characters` : undefined),
  }),
  WEBHOOK_ALLOWED_NETWORKS: optionalList({
    group: "Notifications",
    description:
      "Networks that are not public and that webhooks may be sent to all the same, over HTTP and on any port, too; otherwise only public addresses, by HTTPS on port 443 or 8443.",
    values: "addresses or networks with commas between them, such as `10.0.0.7,10.1.0.0/16`",
    read: readNetworks,
  }),
  NOTIFICATION_RETENTION_DAYS: wholeNumber({
    group: "Notifications",
    description: "How long deliveries and what they told are kept, in days.",
    min: 1,
    max: 3_650,
    fallback: 30,
  }),
};
