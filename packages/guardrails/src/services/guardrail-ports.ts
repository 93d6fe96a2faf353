import type { ControlPorts } from "@lotty/control-plane";
import type { GuardrailStore, MetricCatalogue } from "@lotty/domain";

/** What commands about guardrails and ramp plans need from outside. */
export interface GuardrailPorts extends ControlPorts {
  readonly guardrails: GuardrailStore;
  readonly metrics: MetricCatalogue;
}
