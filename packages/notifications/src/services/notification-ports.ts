import type { ControlPorts } from "@lotty/control-plane";
import type { NotificationReads } from "@lotty/domain";
import type { SecretBox } from "../secrets/secret-box.ts";
import type { AddressPolicy } from "../sending/address-policy.ts";

/** What changing notifications takes. */
export interface NotificationPorts extends ControlPorts {
  readonly notifications: NotificationReads;
  readonly box: SecretBox;
  readonly policy: AddressPolicy;
}
