import type { EnvironmentStore, Logger, NotificationReads } from "@lotty/domain";

const ADVICE =
  "Set SECRETS_KEY to a random text of at least 32 characters (such as from `openssl rand -base64 32`), the same for every API and worker. " +
  "Then rotate the secret of each webhook (`lotty webhook rotate`), which seals what was kept before.";

/** Says that the address and the secret of a webhook were just kept so that whoever reads the database can read them. */
export function warnOfReadableSecret(logger: Logger): void {
  logger.warn("webhook_secret_kept_readable", { advice: ADVICE });
}

/** Says so once of the webhooks that there are, as the process starts without a key. Failing to look is no reason not to start. */
export async function warnOfReadableSecrets(
  {
    environments,
    notifications,
  }: { readonly environments: EnvironmentStore; readonly notifications: NotificationReads },
  logger: Logger,
): Promise<void> {
  try {
    let webhooks = 0;
    for (const { id } of await environments.environments()) webhooks += (await notifications.webhooks(id)).length;
    if (webhooks > 0) logger.warn("webhook_secrets_readable", { webhooks, advice: ADVICE });
  } catch (error) {
    logger.warn("webhook_secrets_not_checked", { error });
  }
}
