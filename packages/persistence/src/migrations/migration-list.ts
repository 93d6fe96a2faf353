import { configuration } from "./0001-configuration.ts";
import { decisions } from "./0002-decisions.ts";
import { recordDecisions } from "./0003-record-decisions.ts";
import { checkHeldVariants } from "./0004-check-held-variants.ts";
import { flagRulesAndSegments } from "./0005-flag-rules-and-segments.ts";
import { decisionsOnRecord } from "./0006-decisions-on-record.ts";
import { identity } from "./0007-identity.ts";
import { controlPlane } from "./0008-control-plane.ts";
import { attributes } from "./0009-attributes.ts";
import { idempotency } from "./0010-idempotency.ts";
import { environments } from "./0011-environments.ts";
import { events } from "./0014-events.ts";
import { metrics } from "./0015-metrics.ts";
import { measures } from "./0016-measures.ts";
import { analysisPlans } from "./0017-analysis-plans.ts";
import { guardrails } from "./0018-guardrails.ts";
import { notifications } from "./0019-notifications.ts";
import { learnings } from "./0020-learnings.ts";
import { launchCertificates } from "./0021-launch-certificates.ts";
import { subjectsBeingFolded } from "./0022-subjects-being-folded.ts";
import { segmentRollups } from "./0023-segment-rollups.ts";
import { erasedEvents } from "./0025-erased-events.ts";
import type { Migration } from "./migration.ts";

/** All steps of the schema, oldest first. Published steps never change; new ones are added at the end. */
export const MIGRATIONS: readonly Migration[] = [
  configuration,
  decisions,
  recordDecisions,
  checkHeldVariants,
  flagRulesAndSegments,
  decisionsOnRecord,
  identity,
  controlPlane,
  attributes,
  idempotency,
  environments,
  events,
  metrics,
  measures,
  analysisPlans,
  guardrails,
  notifications,
  learnings,
  launchCertificates,
  subjectsBeingFolded,
  segmentRollups,
  erasedEvents,
];
