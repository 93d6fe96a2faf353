export { Notifier, SEND_TIMEOUT_MILLIS, type NotifierPorts } from "./notifier.ts";
export { RETRY_WAITS } from "./retry-schedule.ts";
export { createSecretBox, type SecretBox } from "./secrets/secret-box.ts";
export { AddressPolicy } from "./sending/address-policy.ts";
export {
  sendMessage,
  type OutgoingMessage,
  type Resolver,
  type SendingParts,
  type SendOutcome,
} from "./sending/send-message.ts";
export type { NotificationPorts } from "./services/notification-ports.ts";
export { createRuleControl, type RuleCommand, type RuleControl, type RuleFields } from "./services/rule-control.ts";
export {
  createWebhookControl,
  type NewWebhook,
  type WebhookCommand,
  type WebhookControl,
  type WebhookEdit,
  type WebhookWithSecret,
} from "./services/webhook-control.ts";
