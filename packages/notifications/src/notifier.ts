import type {
  Clock,
  ClaimedDelivery,
  Delivery,
  DeliveryAttempt,
  IdSource,
  Logger,
  NotificationQueue,
} from "@lotty/domain";
import { MICROS_PER_DAY } from "@lotty/domain";
import { signedHeaders } from "./messages/signed-headers.ts";
import { slackMessage } from "./messages/slack-message.ts";
import { standardMessage } from "./messages/standard-message.ts";
import { retryWait } from "./retry-schedule.ts";
import { routeAnnouncements } from "./routing/route-announcements.ts";
import type { SecretBox } from "./secrets/secret-box.ts";
import { openWebhookSecret, signingSecrets } from "./secrets/webhook-secret.ts";
import type { OutgoingMessage, SendOutcome } from "./sending/send-message.ts";

/** Longest that sending one message may take. */
export const SEND_TIMEOUT_MILLIS = 20_000;

/**
 * How long a claimed delivery is nobody else's: sending, and 40 seconds for clocks that differ and stores that are slow. A delivery of a
 * process that died is tried again after that.
 */
const LEASE_MICROS = 60_000_000;

/** Most announcements that are routed in one transaction. */
const ROUTED_AT_ONCE = 100;

/** Most messages that a process sends at the same time. */
const SENT_AT_ONCE = 8;

/** Most records that are forgotten in one step. */
const FORGOTTEN_AT_ONCE = 500;

const MICROS_PER_MILLI = 1_000;

/** The answer of a receiver that wants no messages any more. */
const GONE = 410;

/** What telling people takes. */
export interface NotifierPorts {
  readonly queue: NotificationQueue;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly box: SecretBox;
  readonly logger: Logger;
  /** Sends a message, within {@link SEND_TIMEOUT_MILLIS}; never rejects. */
  readonly send: (message: OutgoingMessage, signal: AbortSignal) => Promise<SendOutcome>;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** Turns announcements into deliveries, and delivers them at least once. Any number of processes may do so beside each other. */
export class Notifier {
  readonly #ports: NotifierPorts;

  constructor(ports: NotifierPorts) {
    this.#ports = ports;
  }

  /**
   * Does a piece of what is to be done now.
   *
   * @returns whether more is left
   * @throws LottyError `database_unavailable`
   */
  async step(signal: AbortSignal): Promise<"done" | "more"> {
    const { clock, ids, queue } = this.#ports;
    const now = clock.now();
    const routed = await queue.route((batch) => routeAnnouncements(batch, { now, newId: () => ids.next(now) }), {
      now,
      limit: ROUTED_AT_ONCE,
    });
    const claimed = await queue.claim({ now, leaseUntil: now + LEASE_MICROS, limit: SENT_AT_ONCE });
    await Promise.all(claimed.map((each) => this.#deliver(each, signal)));
    return routed === ROUTED_AT_ONCE || claimed.length === SENT_AT_ONCE ? "more" : "done";
  }

  /**
   * Forgets a piece of what is over for so many days.
   *
   * @returns whether more is left
   * @throws LottyError `database_unavailable`
   */
  async forget(days: number): Promise<"done" | "more"> {
    const before = this.#ports.clock.now() - days * MICROS_PER_DAY;
    return (await this.#ports.queue.forget(before, FORGOTTEN_AT_ONCE)) >= FORGOTTEN_AT_ONCE ? "more" : "done";
  }

  async #deliver(claimed: ClaimedDelivery, signal: AbortSignal): Promise<void> {
    const { clock, logger, queue } = this.#ports;
    const { delivery, environmentId, webhook } = claimed;
    const at = clock.now();
    const outcome = await this.#attempt(claimed, signal);
    // The process ends: nobody knows whether it arrived. It is tried again once the lease is over.
    if (signal.aborted && outcome.status === null) return;
    const attempt = { at, millis: Math.round((clock.now() - at) / MICROS_PER_MILLI), ...outcome };
    const settled = this.#settled(delivery, attempt);
    const isGone = outcome.status === GONE;
    const reason = `Its receiver answered with ${GONE}: it is gone.`;
    await queue.settle(environmentId, settled, isGone ? { at: clock.now(), reason } : null);
    if (outcome.fault === null) return;
    const fields = { delivery: delivery.id, webhook: webhook.name, status: outcome.status, fault: outcome.fault };
    if (settled.status === "failed") logger.warn("delivery_given_up", { ...fields, attempts: settled.attempts.length });
    else logger.info("delivery_failed", fields);
  }

  async #attempt({ announcements, delivery, webhook }: ClaimedDelivery, signal: AbortSignal): Promise<SendOutcome> {
    const { box, clock, logger, send } = this.#ports;
    try {
      const secret = openWebhookSecret(box, webhook);
      const now = clock.now();
      const body =
        webhook.format === "slack" ? slackMessage(announcements) : standardMessage(announcements, delivery.createdAt);
      const secrets = signingSecrets(secret, webhook.previousSecretUntil, now);
      const headers = signedHeaders({ messageId: delivery.messageId, at: now, body }, secrets);
      return await send({ url: secret.url, headers, body }, signal);
    } catch (error) {
      logger.error("delivery_not_made", { delivery: delivery.id, webhook: webhook.name, error });
      return { status: null, fault: "The message could not be made; the log says why.", answer: "" };
    }
  }

  #settled(delivery: Delivery, attempt: DeliveryAttempt): Delivery {
    const attempts = [...delivery.attempts, attempt];
    if (attempt.fault === null) return { ...delivery, attempts, status: "delivered" };
    const wait = attempt.status === GONE ? undefined : retryWait(attempts.length, this.#ports.random());
    if (wait === undefined) return { ...delivery, attempts, status: "failed" };
    return { ...delivery, attempts, dueAt: this.#ports.clock.now() + wait };
  }
}
