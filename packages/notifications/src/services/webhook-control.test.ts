import { ValueSchemas, type CommandResult } from "@lotty/control-plane";
import { DEFAULT_ENVIRONMENT_ID, type Actor, type Role, type Webhook } from "@lotty/domain";
import { memoryControlPorts, type MemoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { sampleFlag, sampleExperiment } from "@lotty/testkit/suites/decision-store-fixture";
import { beforeEach, describe, expect, it } from "vitest";
import { createSecretBox } from "../secrets/secret-box.ts";
import { openWebhookSecret } from "../secrets/webhook-secret.ts";
import { AddressPolicy } from "../sending/address-policy.ts";
import { createRuleControl, type RuleControl, type RuleFields } from "./rule-control.ts";
import { createWebhookControl, type WebhookControl } from "./webhook-control.ts";

const environmentId = DEFAULT_ENVIRONMENT_ID;
const box = createSecretBox("a key of at least thirty-two characters");
const FIELDS = { name: "chat", url: "https://hooks.example.com/services/T0/B0/secret-part", format: "slack" } as const;

function by(...roles: readonly Role[]): { readonly environmentId: string; readonly actor: Actor } {
  return { environmentId, actor: { id: "ann", name: "ann", roles, kind: "user", from: null } };
}

function done<T>(result: CommandResult<T>): T {
  if (result.status === "done") return result.result;
  throw new Error(result.refusals.map(({ message }) => message).join("\n"));
}

function codes(result: CommandResult<unknown>): readonly string[] {
  return result.status === "refused" ? result.refusals.map(({ code }) => code) : [];
}

let ports: MemoryControlPorts;
let webhooks: WebhookControl;
let rules: RuleControl;
beforeEach(() => {
  ports = memoryControlPorts();
  const { notifications } = ports.store;
  const settings = { allowSelfApproval: false, minimumApprovals: 1, previewDays: 7 };
  const all = { ...ports, notifications, box, policy: new AddressPolicy(), schemas: new ValueSchemas(), settings };
  webhooks = createWebhookControl(all);
  rules = createRuleControl(all);
});

async function made(): Promise<Webhook> {
  return done(await webhooks.create({ ...by("admin"), fields: FIELDS })).webhook;
}

function ruleFields(webhook: Webhook): RuleFields {
  return {
    name: "everything",
    enabled: true,
    kinds: [],
    experimentIds: [],
    tags: [],
    webhookIds: [webhook.id],
    digestMinutes: 0,
    maxPerHour: null,
  };
}

describe("webhooks", () => {
  it("are made with a secret that is shown once and is on no record", async () => {
    const { secret, webhook } = done(await webhooks.create({ ...by("admin"), fields: FIELDS }));
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(openWebhookSecret(box, webhook)).toStrictEqual({ url: FIELDS.url, secret, previous: null });
    expect(webhook.shownUrl).toBe("https://hooks.example.com/…");
    const record = JSON.stringify(ports.store.entries);
    expect(record).toContain("webhook.create");
    for (const hidden of [secret, "secret-part", webhook.sealedSecret]) expect(record).not.toContain(hidden);
  });

  it("are changed by admins alone, and in the version that they have seen", async () => {
    const webhook = await made();
    const edit = { name: "talk" };
    expect(codes(await webhooks.edit({ ...by("experimenter"), webhookId: webhook.id, edit }))).toStrictEqual([
      "forbidden",
    ]);
    const stale = { ...by("admin"), webhookId: webhook.id, expectedVersion: 2, edit };
    expect(codes(await webhooks.edit(stale))).toStrictEqual(["version_mismatch"]);
    const edited = done(await webhooks.edit({ ...stale, expectedVersion: 1 }));
    expect(edited).toMatchObject({ name: "talk", version: 2, shownUrl: webhook.shownUrl });
    expect(codes(await webhooks.edit({ ...stale, expectedVersion: 2 }))).toStrictEqual(["nothing_changed"]);
    expect(codes(await webhooks.edit({ ...stale, webhookId: "none" }))).toStrictEqual(["not_found"]);
  });

  it("lead out of the house and have names of their own", async () => {
    await made();
    const inside = await webhooks.create({ ...by("admin"), fields: { ...FIELDS, url: "https://10.0.0.1/" } });
    expect(codes(inside)).toStrictEqual(["key_taken", "invalid_field"]);
    expect(codes(await webhooks.create({ ...by("admin"), fields: { ...FIELDS, name: " " } }))).toStrictEqual([
      "invalid_field",
    ]);
  });

  it("are switched off and on again", async () => {
    const { id: webhookId } = await made();
    const off = done(await webhooks.edit({ ...by("admin"), webhookId, edit: { disabled: true } }));
    expect(off).toMatchObject({ disabled: true, disabledReason: "ann has switched it off." });
    const on = done(await webhooks.edit({ ...by("admin"), webhookId, edit: { disabled: false } }));
    expect(on).toMatchObject({ disabled: false, disabledReason: null, version: 3 });
  });

  it("get a new secret, beside which the old one is good for a day", async () => {
    const { secret: old, webhook } = done(await webhooks.create({ ...by("admin"), fields: FIELDS }));
    const rotated = done(await webhooks.rotateSecret({ ...by("admin"), webhookId: webhook.id }));
    expect(rotated.secret).not.toBe(old);
    expect(openWebhookSecret(box, rotated.webhook)).toStrictEqual({
      url: FIELDS.url,
      secret: rotated.secret,
      previous: old,
    });
    expect(rotated.webhook.previousSecretUntil).toBe(ports.clock.now() + 86_400_000_000);
    expect(JSON.stringify(ports.store.entries)).not.toContain(rotated.secret);
  });

  it("are removed when no rule names them", async () => {
    const webhook = await made();
    const rule = done(await rules.create({ ...by("experimenter"), fields: ruleFields(webhook) }));
    const removal = { ...by("admin"), webhookId: webhook.id };
    expect(codes(await webhooks.remove(removal))).toStrictEqual(["in_use"]);
    done(await rules.remove({ ...by("experimenter"), ruleId: rule.id }));
    done(await webhooks.remove(removal));
    expect(await ports.store.notifications.webhooks(environmentId)).toStrictEqual([]);
  });

  it("are tested, and what was delivered is sent again under its id", async () => {
    const webhook = await made();
    const test = done(await webhooks.test({ ...by("admin"), webhookId: webhook.id }));
    expect(ports.store.notifications.announced(environmentId)).toMatchObject([
      { id: test.announcementIds[0], kind: "webhook.test", actorName: "ann" },
    ]);
    const replay = { ...by("admin"), deliveryId: test.id };
    expect(codes(await webhooks.replay(replay))).toStrictEqual(["in_use"]);
    await ports.store.notifications.settle(environmentId, { ...test, status: "failed" }, null);
    const again = done(await webhooks.replay(replay));
    expect(again).toMatchObject({
      messageId: test.messageId,
      replayOf: test.id,
      announcementIds: test.announcementIds,
      status: "pending",
      attempts: [],
    });
    expect(again.id).not.toBe(test.id);
    expect(codes(await webhooks.replay({ ...replay, deliveryId: "none" }))).toStrictEqual(["not_found"]);
  });
});

describe("rules of notifications", () => {
  it("are made and changed by experimenters", async () => {
    const webhook = await made();
    expect(codes(await rules.create({ ...by("viewer"), fields: ruleFields(webhook) }))).toStrictEqual(["forbidden"]);
    const rule = done(await rules.create({ ...by("experimenter"), fields: ruleFields(webhook) }));
    const edit = { kinds: ["guardrail.fired"], digestMinutes: 10, maxPerHour: 5 } as const;
    const command = { ...by("experimenter"), ruleId: rule.id, expectedVersion: 1, edit };
    const edited = done(await rules.edit(command));
    expect(edited).toMatchObject({ ...edit, version: 2, name: "everything" });
    expect(codes(await rules.edit(command))).toStrictEqual(["version_mismatch"]);
    expect(codes(await rules.edit({ ...command, expectedVersion: 2 }))).toStrictEqual(["nothing_changed"]);
    expect(await ports.store.notifications.notificationRules(environmentId)).toStrictEqual([edited]);
    expect(ports.store.entries.map(({ action }) => action).slice(-2)).toStrictEqual([
      "notification_rule.create",
      "notification_rule.edit",
    ]);
  });

  it("name webhooks and experiments that there are, and sensible times", async () => {
    const webhook = await made();
    const flag = sampleFlag();
    const experiment = sampleExperiment(flag.id);
    const { revision } = await ports.store.load(environmentId);
    const draft = { ...by("experimenter"), fields: ruleFields(webhook) };
    const audit = ports.store.entries;
    expect(audit).toHaveLength(1);
    const wrong: readonly Partial<RuleFields>[] = [
      { webhookIds: [] },
      { webhookIds: ["none"] },
      { experimentIds: [experiment.id] },
      { digestMinutes: -1 },
      { digestMinutes: 0.5 },
      { maxPerHour: 0 },
      { name: "" },
    ];
    for (const fields of wrong) {
      const answer = await rules.create({ ...draft, fields: { ...draft.fields, ...fields } });
      expect([fields, codes(answer)]).toStrictEqual([fields, ["invalid_field"]]);
    }
    expect((await ports.store.load(environmentId)).revision).toBe(revision);
    done(await rules.create(draft));
    expect(codes(await rules.create(draft))).toStrictEqual(["key_taken"]);
  });
});
