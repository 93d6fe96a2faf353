import {
  type ApproverGroupControl,
  createApproverGroupControl,
  createDefinitionsControl,
  createDomainControl,
  createEnvironmentControl,
  createEventTypeControl,
  createMetricControl,
  createExperimentControl,
  createFlagControl,
  createPlanControl,
  createSegmentControl,
  type DefinitionsControl,
  type DefinitionsPorts,
  type DomainControl,
  type EnvironmentControl,
  type EventTypeControl,
  type MetricControl,
  type ExperimentControl,
  type FlagControl,
  type PlanControl,
  type SegmentControl,
} from "@lotty/control-plane";
import {
  type ControlPlaneStore,
  type LaunchCertificates,
  type Learnings,
  LottyError,
  type MetricCatalogue,
  type NotificationReads,
} from "@lotty/domain";
import { createLearningControl, type LearningControl, type LearningPorts } from "@lotty/learnings";
import {
  createRuleControl,
  createWebhookControl,
  type NotificationPorts,
  type RuleControl,
  type WebhookControl,
} from "@lotty/notifications";
import type { ClientAddress } from "../../access/client-address.ts";
import { type ApiGuardrailPorts, type ApiGuardrails, createApiGuardrails } from "../guardrails/api-guardrails.ts";

/** What the API does with notifications. */
export interface ApiNotifications {
  readonly reads: NotificationReads;
  readonly webhooks: WebhookControl;
  readonly rules: RuleControl;
}

/** What the API looks certificates up in. */
export interface CertificatePorts {
  readonly certificates: LaunchCertificates;
}

/** What the API does with learnings. */
export interface ApiLearnings {
  readonly reads: Learnings;
  readonly control: LearningControl;
}

/** What the API does with flags, experiments and all that belongs to them. */
export interface ApiControl {
  /** For looking things up; whatever changes anything goes through the controls. */
  readonly store: Omit<ControlPlaneStore, "commit">;
  readonly definitions: DefinitionsControl;
  readonly flags: FlagControl;
  readonly experiments: ExperimentControl;
  readonly domains: DomainControl;
  readonly segments: SegmentControl;
  readonly eventTypes: EventTypeControl;
  readonly metrics: MetricControl;
  readonly catalogue: MetricCatalogue;
  readonly plans: PlanControl;
  readonly groups: ApproverGroupControl;
  readonly notifications: ApiNotifications;
  readonly environments: EnvironmentControl;
  readonly learnings: ApiLearnings;
  readonly certificates: LaunchCertificates;
  readonly guardrails: ApiGuardrails;
}

/** What the routes of the control plane work with. */
export interface ControlParts {
  /** @throws LottyError `not_ready` while it is not there */
  readonly control: () => ApiControl;
  readonly clientAddress: ClientAddress;
}

/** There is no database yet. */
export function noControl(): never {
  throw new LottyError("not_ready", "The service is starting.");
}

/** Puts the controls together on their ports. */
export function createApiControl(
  ports: NotificationPorts & LearningPorts & DefinitionsPorts & CertificatePorts & ApiGuardrailPorts,
): ApiControl {
  return {
    store: ports.store,
    definitions: createDefinitionsControl(ports),
    flags: createFlagControl(ports),
    experiments: createExperimentControl(ports),
    domains: createDomainControl(ports),
    segments: createSegmentControl(ports),
    eventTypes: createEventTypeControl(ports),
    metrics: createMetricControl(ports),
    catalogue: ports.metrics,
    plans: createPlanControl(ports),
    groups: createApproverGroupControl(ports),
    notifications: {
      reads: ports.notifications,
      webhooks: createWebhookControl(ports),
      rules: createRuleControl(ports),
    },
    environments: createEnvironmentControl(ports),
    certificates: ports.certificates,
    learnings: { reads: ports.learnings, control: createLearningControl(ports) },
    guardrails: createApiGuardrails(ports),
  };
}
