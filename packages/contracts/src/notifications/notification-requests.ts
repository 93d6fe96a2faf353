import {
  ANNOUNCEMENT_KINDS,
  DELIVERY_STATUSES,
  WEBHOOK_FORMATS,
  type AnnouncementKind,
  type DeliveryStatus,
  type WebhookFormat,
} from "@lotty/domain";
import { z } from "zod";
import { AN_OBJECT, flagField, idField, listOf, nameField, textField, wholeField } from "../control/control-fields.ts";
import { type Read, readWith } from "../read-request.ts";
import { cursorSchema, DEFAULT_PAGE_SIZE, pageSizeSchema, readQuery } from "../records/record-queries.ts";
import { typeMessage } from "../request-fields.ts";

/** Body of `POST /v1/webhooks`. */
export interface NewWebhookRequest {
  readonly name: string;
  readonly url: string;
  readonly format: WebhookFormat;
}

const formatField = z.enum(WEBHOOK_FORMATS, { error: typeMessage(`one of ${WEBHOOK_FORMATS.join(", ")}`) });

/** Schema of {@link NewWebhookRequest}. */
export const newWebhookSchema: z.ZodType<NewWebhookRequest> = z
  .strictObject({ name: nameField, url: textField, format: formatField.prefault("standard") }, AN_OBJECT)
  .meta({ id: "NewWebhook" });

/** Body of `PATCH /v1/webhooks/{webhook_id}`. */
export interface WebhookEditRequest extends Partial<NewWebhookRequest> {
  readonly disabled?: boolean;
}

/** Schema of {@link WebhookEditRequest}. */
export const webhookEditSchema: z.ZodType<WebhookEditRequest> = z
  .strictObject(
    {
      name: nameField.exactOptional(),
      url: textField.exactOptional(),
      format: formatField.exactOptional(),
      disabled: flagField.exactOptional(),
    },
    AN_OBJECT,
  )
  .meta({ id: "WebhookEdit" });

/** Body of `POST /v1/notification-rules`. */
export interface NewNotificationRuleRequest {
  readonly name: string;
  readonly enabled: boolean;
  readonly kinds: readonly AnnouncementKind[];
  readonly experiment_ids: readonly string[];
  readonly tags: readonly string[];
  readonly webhook_ids: readonly string[];
  readonly digest_minutes: number;
  readonly max_per_hour: number | null;
}

const kindField: z.ZodType<AnnouncementKind, AnnouncementKind> = z.enum(ANNOUNCEMENT_KINDS, {
  error: typeMessage("something that is announced"),
});

/** Schema of {@link NewNotificationRuleRequest}. */
export const newNotificationRuleSchema: z.ZodType<NewNotificationRuleRequest> = z
  .strictObject(
    {
      name: nameField,
      enabled: flagField.default(true),
      kinds: listOf(kindField).default([]),
      experiment_ids: listOf(idField).default([]),
      tags: listOf(nameField).default([]),
      webhook_ids: listOf(idField),
      digest_minutes: wholeField.default(0),
      max_per_hour: wholeField.nullable().default(null),
    },
    AN_OBJECT,
  )
  .meta({ id: "NewNotificationRule" });

/** Body of `PATCH /v1/notification-rules/{rule_id}`. Lists are given whole. */
export type NotificationRuleEditRequest = Partial<NewNotificationRuleRequest>;

/** Schema of {@link NotificationRuleEditRequest}. */
export const notificationRuleEditSchema: z.ZodType<NotificationRuleEditRequest> = z
  .strictObject(
    {
      name: nameField.exactOptional(),
      enabled: flagField.exactOptional(),
      kinds: listOf(kindField).exactOptional(),
      experiment_ids: listOf(idField).exactOptional(),
      tags: listOf(nameField).exactOptional(),
      webhook_ids: listOf(idField).exactOptional(),
      digest_minutes: wholeField.exactOptional(),
      max_per_hour: wholeField.nullable().exactOptional(),
    },
    AN_OBJECT,
  )
  .meta({ id: "NotificationRuleEdit" });

/** The query of `GET /v1/deliveries`. */
export interface DeliveriesQuery {
  readonly webhook_id?: string;
  readonly status?: DeliveryStatus;
  readonly limit: number;
  /** Id of the delivery before which the page begins. */
  readonly cursor?: string;
}

/** A status of deliveries in a query. */
export const deliveryStatusQuerySchema: z.ZodType<DeliveryStatus, string> = z.enum(DELIVERY_STATUSES, {
  error: "must be a status of deliveries",
});

const deliveriesQuery: z.ZodType<DeliveriesQuery> = z.strictObject({
  webhook_id: idField.exactOptional(),
  status: deliveryStatusQuerySchema.exactOptional(),
  limit: pageSizeSchema.prefault(String(DEFAULT_PAGE_SIZE)),
  cursor: cursorSchema.exactOptional(),
});

/** Reads the body of `POST /v1/webhooks`. */
export function readNewWebhook(body: unknown): Read<NewWebhookRequest> {
  return readWith(newWebhookSchema, body);
}

/** Reads the body of `PATCH /v1/webhooks/{webhook_id}`. */
export function readWebhookEdit(body: unknown): Read<WebhookEditRequest> {
  return readWith(webhookEditSchema, body);
}

/** Reads the body of `POST /v1/notification-rules`. */
export function readNewNotificationRule(body: unknown): Read<NewNotificationRuleRequest> {
  return readWith(newNotificationRuleSchema, body);
}

/** Reads the body of `PATCH /v1/notification-rules/{rule_id}`. */
export function readNotificationRuleEdit(body: unknown): Read<NotificationRuleEditRequest> {
  return readWith(notificationRuleEditSchema, body);
}

/** Reads the query of `GET /v1/deliveries`. */
export function readDeliveriesQuery(query: URLSearchParams): Read<DeliveriesQuery> {
  return readQuery(deliveriesQuery, query);
}
