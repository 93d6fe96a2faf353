import type { ControlPorts } from "@lotty/control-plane";

/** What commands about guardrails and ramp plans need from outside. */
export type GuardrailPorts = ControlPorts;
