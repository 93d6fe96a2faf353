import type { DeliveryResponse, NotificationRuleResponse, WebhookResponse } from "@lotty/contracts/notifications";
import type { Names } from "../control/render-surroundings.ts";
import type { Paint, Tone } from "../terminal/paint.ts";
import { renderTable } from "../terminal/render-table.ts";
import { visibleText } from "../terminal/visible-text.ts";

/** Webhooks as a table. */
export function renderWebhooks(webhooks: readonly WebhookResponse[], paint: Paint): string {
  const rows = webhooks.map(({ disabled, disabled_reason, format, name, url, version }) => [
    name,
    format,
    String(version),
    url,
    disabled ? `off: ${disabled_reason ?? "somebody said so"}` : "on",
  ]);
  return renderTable(["NAME", "FORMAT", "VERSION", "ADDRESS", "STATE"], rows, paint);
}

/** Rules of notifications as a table, with the names of webhooks and experiments where they are known. */
export function renderNotificationRules(
  rules: readonly NotificationRuleResponse[],
  names: Names,
  paint: Paint,
): string {
  const rows = rules.map((rule) => [
    rule.name,
    rule.enabled ? "on" : "off",
    String(rule.version),
    rule.kinds.join(" ") || "everything",
    [...rule.experiment_ids.map((id) => names.get(id) ?? id), ...rule.tags.map((tag) => `tag:${tag}`)].join(" ") ||
      "all",
    rule.webhook_ids.map((id) => names.get(id) ?? id).join(" "),
    paceOf(rule),
  ]);
  return renderTable(["NAME", "STATE", "VERSION", "WHAT", "ABOUT", "WEBHOOKS", "PACE"], rows, paint);
}

function paceOf({ digest_minutes, max_per_hour }: NotificationRuleResponse): string {
  const parts = [
    ...(digest_minutes === 0 ? [] : [`together every ${digest_minutes} min`]),
    ...(max_per_hour === null ? [] : [`at most ${max_per_hour} an hour`]),
  ];
  return parts.join(", ") || "at once";
}

/** Deliveries as a table. */
export function renderDeliveries(deliveries: readonly DeliveryResponse[], names: Names, paint: Paint): string {
  const rows = deliveries.map(({ attempts, created_at, id, status, webhook_id }) => [
    id,
    created_at,
    names.get(webhook_id) ?? webhook_id,
    status,
    String(attempts.length),
    lastOf(attempts),
  ]);
  return renderTable(["ID", "MADE", "WEBHOOK", "STATUS", "ATTEMPTS", "LAST"], rows, paint);
}

const TONES: Readonly<Record<DeliveryResponse["status"], Tone>> = {
  pending: "doubtful",
  delivered: "good",
  failed: "bad",
};

/** A delivery with every attempt and what the receiver has answered. */
export function renderDelivery(delivery: DeliveryResponse, names: Names, paint: Paint): string {
  const { attempts, due_at, id, message_id, replay_of, status, webhook_id } = delivery;
  const due = status === "pending" ? `, due ${due_at}` : "";
  const again = replay_of === null ? "" : `, again ${replay_of}`;
  const lines = attempts.map(({ answer, at, ...attempt }) =>
    visibleText(`  ${at}  ${attempt.millis} ms  ${endOf(attempt)}${answer === "" ? "" : `: ${answer}`}`),
  );
  return [
    `${id} to ${visibleText(names.get(webhook_id) ?? webhook_id)}: ${paint(TONES[status], status)}${due}`,
    paint("quiet", `webhook-id ${message_id}${again}`),
    ...lines,
  ].join("\n");
}

function lastOf(attempts: DeliveryResponse["attempts"]): string {
  const last = attempts.at(-1);
  return last === undefined ? "-" : endOf(last);
}

function endOf({ fault, status }: Pick<DeliveryResponse["attempts"][number], "fault" | "status">): string {
  return fault ?? (status === null ? "no answer" : String(status));
}
