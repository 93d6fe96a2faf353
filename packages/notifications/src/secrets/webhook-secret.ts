import { randomBytes } from "node:crypto";
import { LottyError, type Instant, type Webhook } from "@lotty/domain";
import type { SecretBox } from "./secret-box.ts";

/** What lets others post to a webhook or sign in our name. */
export interface WebhookSecret {
  readonly url: string;
  /** As `whsec_…`. */
  readonly secret: string;
  /** The one before; `null` when there is none. */
  readonly previous: string | null;
}

/** A new signing secret: 32 random bytes, within the 24 to 64 of the specification. */
export function newSigningSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

/** Seals a webhook's secret for the database. */
export function sealWebhookSecret(box: SecretBox, webhookId: string, secret: WebhookSecret): string {
  return box.seal(JSON.stringify(secret), webhookId);
}

/** @throws LottyError `invalid_configuration` as {@link SecretBox.open} */
export function openWebhookSecret(box: SecretBox, { id, sealedSecret }: Webhook): WebhookSecret {
  const opened: unknown = JSON.parse(box.open(sealedSecret, id));
  if (!isWebhookSecret(opened)) throw new LottyError("internal", "A webhook's secret is not what it should be.");
  return opened;
}

function isWebhookSecret(value: unknown): value is WebhookSecret {
  if (typeof value !== "object" || value === null) return false;
  if (!("url" in value) || !("secret" in value) || !("previous" in value)) return false;
  const { previous, secret, url } = value;
  return typeof url === "string" && typeof secret === "string" && (previous === null || typeof previous === "string");
}

/** The secrets that sign at an instant, the present one first. */
export function signingSecrets(
  { previous, secret }: WebhookSecret,
  previousUntil: Instant | null,
  now: Instant,
): readonly string[] {
  const isPreviousValid = previous !== null && previousUntil !== null && now < previousUntil;
  return isPreviousValid ? [secret, previous] : [secret];
}
