import { MemoryControlPlaneStore } from "@lotty/testkit/fakes/memory-control-plane-store";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import type { NotificationReads, Webhook } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import { warnOfReadableSecrets } from "./readable-secrets.ts";

const environments = new MemoryControlPlaneStore();

function readsOf(webhooks: () => Promise<readonly Webhook[]>): NotificationReads {
  const { notifications } = new MemoryControlPlaneStore();
  return {
    webhooks,
    notificationRules: (id) => notifications.notificationRules(id),
    deliveries: (question) => notifications.deliveries(question),
    delivery: (environmentId, id) => notifications.delivery(environmentId, id),
  };
}

const chat: Webhook = {
  id: "01a203d3-6d24-7000-8000-0000000000a1",
  name: "chat",
  format: "slack",
  shownUrl: "https://chat.example.com/…",
  sealedSecret: "plain.e30",
  previousSecretUntil: null,
  disabled: false,
  disabledReason: null,
  version: 1,
  updatedAt: 0,
};

describe("starting without a key for secrets", () => {
  it("says how many webhooks can be read in the database, and what to set", async () => {
    const logger = new RecordingLogger();
    await warnOfReadableSecrets({ environments, notifications: readsOf(() => Promise.resolve([chat])) }, logger);
    expect(JSON.stringify(logger.lines)).toMatch(/webhook_secrets_readable.*SECRETS_KEY/);
  });

  it("says nothing where nobody is told anything, and starts though it cannot look", async () => {
    const logger = new RecordingLogger();
    await warnOfReadableSecrets({ environments, notifications: readsOf(() => Promise.resolve([])) }, logger);
    expect(logger.lines).toEqual([]);
    const away = readsOf(() => Promise.reject(new Error("away")));
    await warnOfReadableSecrets({ environments, notifications: away }, logger);
    expect(JSON.stringify(logger.lines)).toContain("webhook_secrets_not_checked");
  });
});
