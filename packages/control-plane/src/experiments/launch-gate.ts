import type { Configuration, Experiment, ExperimentDetails, Flag, FlagDetails, LaunchCertificate } from "@lotty/domain";
import type { ValueSchemas } from "@lotty/value-schemas";
import { certificateFindings } from "./certificate-findings.ts";
import { detailFindings } from "./detail-findings.ts";
import { planFindings, type PlanSituation } from "../plans/plan-findings.ts";
import { domainFindings } from "./domain-findings.ts";
import { flagFindings } from "./flag-findings.ts";
import { targetingFindings } from "./targeting-findings.ts";
import { variantFindings } from "./variant-findings.ts";

/** Everything that the launch gate may find. Codes are part of the public contract. */
export const LAUNCH_FINDING_CODES = [
  "no_control",
  "several_controls",
  "too_few_variants",
  "no_weight",
  "variant_without_weight",
  "weight_out_of_range",
  "duplicate_variant_name",
  "duplicate_variant_value",
  "wrong_value_type",
  "value_against_schema",
  "no_traffic",
  "traffic_out_of_range",
  "rule_not_parsed",
  "rule_never_matches",
  "rule_doubtful",
  "unknown_segment",
  "flag_missing",
  "flag_archived",
  "flag_disabled",
  "flag_occupied",
  "domain_without_room",
  "domain_shared",
  "missing_owner",
  "missing_hypothesis",
  "missing_planned_duration",
  "certificate_missing",
  "certificate_failed",
  "certificate_doubtful",
  "missing_analysis_plan",
  "unknown_metric",
  "archived_metric",
  "unwatchable_guardrail",
] as const;

/** Something that speaks against an experiment as it is. */
export interface LaunchFinding {
  readonly code: (typeof LAUNCH_FINDING_CODES)[number];
  /** Whether the experiment cannot go on, or its authors should think again. */
  readonly severity: "blocks" | "warns";
  readonly message: string;
  /** The field it is about, such as `variants.blue.weight`. */
  readonly field: string;
}

/** What an experiment is looked at for: to be reviewed, to run from now on, or to go on with another content. */
export type LaunchStage = "submit" | "start" | "edit";

/** An experiment with its surroundings. */
export interface LaunchQuestion extends PlanSituation {
  readonly stage: LaunchStage;
  readonly experiment: Experiment;
  readonly details: ExperimentDetails;
  /** The experiment's flag; `undefined` when there is none of that id. */
  readonly flag: Flag | undefined;
  readonly flagDetails: FlagDetails | undefined;
  readonly configuration: Configuration;
  readonly schemas: ValueSchemas;
  /** Its launch certificate; `null` when there is none, `undefined` where none are computed. */
  readonly certificate?: LaunchCertificate | null | undefined;
}

/** All that speaks against an experiment, what blocks first. Linear in the size of the configuration. */
export function launchFindings(question: LaunchQuestion): readonly LaunchFinding[] {
  const findings = [
    ...variantFindings(question),
    ...targetingFindings(question),
    ...flagFindings(question),
    ...domainFindings(question),
    ...detailFindings(question.details),
    ...certificateFindings(question),
    ...planFindings(question),
  ];
  return [...findings.filter(isBlocking), ...findings.filter((finding) => !isBlocking(finding))];
}

/** Whether a finding keeps the experiment from going on. */
export function isBlocking({ severity }: LaunchFinding): boolean {
  return severity === "blocks";
}
