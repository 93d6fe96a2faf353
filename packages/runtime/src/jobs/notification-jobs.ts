import { AddressPolicy, createSecretBox, Notifier, SEND_TIMEOUT_MILLIS, sendMessage } from "@lotty/notifications";
import type { Runtime } from "../composition/runtime.ts";
import type { Job } from "./job.ts";

/** What the jobs need of a runtime. */
export type NotificationParts = Pick<Runtime, "clock" | "config" | "ids" | "logger" | "storage">;

/** Tells people what was announced. Every process may, beside the others. */
export function notificationJob(runtime: NotificationParts): Job {
  const notifier = notifierOf(runtime);
  return {
    name: "notifications",
    everySeconds: 2,
    exclusive: false,
    run: (signal) => notifier.step(signal),
  };
}

/** Forgets what people were told long ago. */
export function notificationRetentionJob(runtime: NotificationParts): Job {
  const notifier = notifierOf(runtime);
  const { retentionDays } = runtime.config.notifications;
  return {
    name: "notification_retention",
    everySeconds: 3_600,
    exclusive: true,
    run: () => notifier.forget(retentionDays),
  };
}

function notifierOf({ clock, config, ids, logger, storage }: NotificationParts): Notifier {
  const { allowedNetworks, secretsKey } = config.notifications;
  const policy = new AddressPolicy(allowedNetworks);
  return new Notifier({
    queue: storage.notificationQueue,
    clock,
    ids,
    logger,
    box: createSecretBox(secretsKey?.reveal() ?? null),
    random: Math.random,
    send: (message, signal) => sendMessage(message, { policy, signal, timeoutMillis: SEND_TIMEOUT_MILLIS }),
  });
}
