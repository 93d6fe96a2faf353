import { ANNOUNCEMENT_KINDS, DELIVERY_STATUSES, WEBHOOK_FORMATS } from "@lotty/domain";
import { z } from "zod";
import type { DeliveryResponse, NotificationRuleResponse, WebhookResponse } from "./present-notifications.ts";

const instantText = z.string().meta({ format: "date-time" });
const id = z.uuid();
const version = z.int().min(1);

const webhookFields = {
  id,
  name: z.string(),
  format: z.enum(WEBHOOK_FORMATS),
  url: z.string().meta({ description: "The address without what lets others post there." }),
  previous_secret_until: instantText.nullable(),
  disabled: z.boolean(),
  disabled_reason: z.string().nullable(),
  version,
  updated_at: instantText,
};

/** Schema of {@link WebhookResponse}. */
export const webhookSchema: z.ZodType<WebhookResponse> = z.strictObject(webhookFields).meta({ id: "Webhook" });

/** Schema of a webhook with its signing secret. */
export const webhookWithSecretSchema: z.ZodType<WebhookResponse & { readonly secret: string | null }> = z
  .strictObject({
    ...webhookFields,
    secret: z.string().nullable().meta({ description: "Shown this once; `null` in the answer to a repetition." }),
  })
  .meta({ id: "WebhookWithSecret" });

/** Schema of a list of webhooks. */
export const webhooksSchema: z.ZodType<{ readonly webhooks: readonly WebhookResponse[] }> = z
  .strictObject({ webhooks: z.array(webhookSchema) })
  .meta({ id: "Webhooks" });

/** Schema of {@link NotificationRuleResponse}. */
export const notificationRuleSchema: z.ZodType<NotificationRuleResponse> = z
  .strictObject({
    id,
    name: z.string(),
    enabled: z.boolean(),
    kinds: z.array(z.enum(ANNOUNCEMENT_KINDS)),
    experiment_ids: z.array(id),
    tags: z.array(z.string()),
    webhook_ids: z.array(id),
    digest_minutes: z.int().min(0),
    max_per_hour: z.int().min(1).nullable(),
    version,
    updated_at: instantText,
  })
  .meta({ id: "NotificationRule" });

/** Schema of a list of rules of notifications. */
export const notificationRulesSchema: z.ZodType<{ readonly rules: readonly NotificationRuleResponse[] }> = z
  .strictObject({ rules: z.array(notificationRuleSchema) })
  .meta({ id: "NotificationRules" });

/** Schema of {@link DeliveryResponse}. */
export const deliverySchema: z.ZodType<DeliveryResponse> = z
  .strictObject({
    id,
    message_id: z.string().meta({ description: "What the receiver gets as `webhook-id`." }),
    webhook_id: id,
    rule_id: id.nullable(),
    replay_of: id.nullable(),
    status: z.enum(DELIVERY_STATUSES),
    collecting: z.boolean(),
    announcement_ids: z.array(id),
    created_at: instantText,
    due_at: instantText,
    attempts: z.array(
      z.strictObject({
        at: instantText,
        millis: z.int().min(0),
        status: z.int().nullable(),
        fault: z.string().nullable(),
        answer: z.string(),
      }),
    ),
  })
  .meta({ id: "Delivery" });

/** Schema of a page of deliveries. */
export const deliveriesSchema: z.ZodType<{
  readonly deliveries: readonly DeliveryResponse[];
  readonly next_cursor: string | null;
}> = z
  .strictObject({ deliveries: z.array(deliverySchema), next_cursor: z.string().nullable() })
  .meta({ id: "Deliveries" });
