import type { Refusal } from "@lotty/control-plane";
import type { AuditEntry, Webhook } from "@lotty/domain";

/** A webhook as it may be put on record. */
export function shownWebhook(webhook: Webhook): Omit<Webhook, "sealedSecret"> {
  const { sealedSecret: _sealed, ...shown } = webhook;
  return shown;
}

/** A webhook as what a change is about. */
export function webhookEntity({ id, name }: Webhook): AuditEntry["entity"] {
  return { kind: "webhook", id, key: name };
}

/** The refusal of a webhook that does not exist. */
export function webhookNotFound(id: string): Refusal {
  return { code: "not_found", message: `There is no webhook ${id}.`, kind: "webhook", id };
}

/** The refusal of a delivery that does not exist. */
export function deliveryNotFound(id: string): Refusal {
  return { code: "not_found", message: `There is no delivery ${id}.`, kind: "webhook", id };
}
