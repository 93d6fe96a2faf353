export {
  deliveryStatusQuerySchema,
  newNotificationRuleSchema,
  newWebhookSchema,
  notificationRuleEditSchema,
  readDeliveriesQuery,
  readNewNotificationRule,
  readNewWebhook,
  readNotificationRuleEdit,
  readWebhookEdit,
  webhookEditSchema,
  type DeliveriesQuery,
  type NewNotificationRuleRequest,
  type NewWebhookRequest,
  type NotificationRuleEditRequest,
  type WebhookEditRequest,
} from "./notification-requests.ts";
export {
  deliveriesSchema,
  deliverySchema,
  notificationRuleSchema,
  notificationRulesSchema,
  webhookSchema,
  webhooksSchema,
  webhookWithSecretSchema,
} from "./notification-schemas.ts";
export {
  presentDelivery,
  presentNotificationRule,
  presentWebhook,
  type DeliveryResponse,
  type NotificationRuleResponse,
  type WebhookResponse,
} from "./present-notifications.ts";
export { ruleEditOf, ruleFieldsOf } from "./rule-fields-of.ts";
