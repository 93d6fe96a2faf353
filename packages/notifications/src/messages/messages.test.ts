import { sampleAnnouncement } from "@lotty/testkit/suites/notifications";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { newSigningSecret } from "../secrets/webhook-secret.ts";
import { signedHeaders } from "./signed-headers.ts";
import { escapeSlack, slackMessage } from "./slack-message.ts";
import { standardMessage } from "./standard-message.ts";

describe("a message by Standard Webhooks", () => {
  const AT = Date.now() * 1_000;

  it("has the kind of what it tells as its type, and when that was", () => {
    const announcement = sampleAnnouncement({ facts: { status: "running" } });
    expect(JSON.parse(standardMessage([announcement], AT))).toStrictEqual({
      type: "experiment.started",
      timestamp: "2026-03-01T12:00:00.123457Z",
      data: {
        id: announcement.id,
        at: "2026-03-01T12:00:00.123457Z",
        experiment: announcement.experiment,
        tags: ["checkout"],
        actor: "Ada",
        summary: "green-button was started.",
        facts: { status: "running" },
      },
    });
  });

  it("tells several as a digest, in their order", () => {
    const both = [sampleAnnouncement(), sampleAnnouncement({ kind: "guardrail.fired" })];
    expect(JSON.parse(standardMessage(both, AT))).toMatchObject({
      type: "digest",
      data: { announcements: [{ type: "experiment.started", id: both[0]?.id }, { type: "guardrail.fired" }] },
    });
  });

  it("is signed so that the specification's own library takes it, with each of two secrets", () => {
    const [present, previous] = [newSigningSecret(), newSigningSecret()];
    const body = standardMessage([sampleAnnouncement({ summary: "Grün 🟢" })], AT);
    const headers = signedHeaders({ messageId: "1", at: AT, body }, [present, previous]);
    for (const secret of [present, previous]) {
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: "experiment.started" });
    }
    expect(() => new Webhook(newSigningSecret()).verify(body, headers)).toThrow("No matching signature found");
    expect(() => new Webhook(present).verify(`${body} `, headers)).toThrow("No matching signature found");
    expect(headers["webhook-id"]).toBe("msg_1");
  });
});

describe("a message for Slack", () => {
  it("says what happened and who did it", () => {
    expect(JSON.parse(slackMessage([sampleAnnouncement()]))).toMatchObject({
      text: "green-button was started. _(Ada)_",
    });
    expect(JSON.parse(slackMessage([sampleAnnouncement(), sampleAnnouncement()]))).toMatchObject({
      text: "• green-button was started. _(Ada)_\n• green-button was started. _(Ada)_",
    });
  });

  it("calls nobody and links nowhere, whatever people have written", () => {
    const summary = "<!channel> <@U1> <https://evil.example|here> & *bold* `code`\n> quote";
    expect(escapeSlack(summary)).not.toMatch(/[<>\n]|&(?!(?:amp|lt|gt);)/);
    const { text } = JSON.parse(slackMessage([sampleAnnouncement({ summary, actorName: "<!here>" })])) as {
      readonly text: string;
    };
    expect(text).not.toMatch(/<|>/);
  });

  it("is cut where Slack would", () => {
    const summary = "🟢".repeat(50_000);
    const { text } = JSON.parse(slackMessage([sampleAnnouncement({ summary })])) as { readonly text: string };
    expect(text.length).toBeLessThan(40_000);
    expect(text.isWellFormed()).toBe(true);
  });
});
