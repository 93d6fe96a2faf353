import { MICROS_PER_MILLI, type Instant } from "@lotty/domain";
import { Webhook } from "standardwebhooks";

/** What is signed. */
export interface Signable {
  /** Id of the message, the same for every attempt. */
  readonly messageId: string;
  /** When this attempt is made; receivers refuse what is minutes old. */
  readonly at: Instant;
  readonly body: string;
}

/**
 * The headers of the Standard Webhooks specification.
 *
 * @param secrets as `whsec_…`, the present one first; each gives a signature, so that receivers can change over in their own time
 */
export function signedHeaders(
  { at, body, messageId }: Signable,
  secrets: readonly string[],
): Readonly<Record<string, string>> {
  const id = `msg_${messageId}`;
  const date = new Date(Math.floor(at / MICROS_PER_MILLI));
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, date, body));
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(date.getTime() / 1_000)),
    "webhook-signature": signatures.join(" "),
  };
}
