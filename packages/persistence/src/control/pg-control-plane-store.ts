import type {
  ApproverGroup,
  AuditEntry,
  AuditHead,
  Configuration,
  ConfigurationSource,
  ControlChange,
  ControlPlaneStore,
  EventType,
  ExperimentDetails,
  Flag,
  FlagDetails,
  Review,
} from "@lotty/domain";
import type { Knex } from "knex";
import { writeRevision } from "../configuration/pg-configuration-writer.ts";
import type { WriteScope } from "../configuration/write-scope.ts";
import { guarded } from "../database-error.ts";
import { putEventTypes, readEventTypes } from "../events/event-types.ts";
import { putLearnings } from "../learnings/pg-learnings.ts";
import { writeGuardrails } from "../guardrails/write-guardrails.ts";
import { addAnnouncements } from "../notifications/announcement-rows.ts";
import { writeNotifications } from "../notifications/write-notifications.ts";
import { toFlagVersion } from "../records/known-version.ts";
import { putMetrics } from "../metrics/put-metrics.ts";
import { addPlanDeviations, putAnalysisPlans } from "./analysis-plans.ts";
import { putApproverGroups, readApproverGroups, removeApproverGroups } from "./approver-groups.ts";
import { appendToChain, guardedWithChain, readAuditEntries, readAuditHead } from "./audit-chain.ts";
import {
  experimentDetailsColumns,
  flagDetailsColumns,
  toExperimentDetails,
  toFlagDetails,
  type ExperimentDetailsRow,
  type FlagDetailsRow,
} from "./details-rows.ts";
import { putLaunchCertificates } from "./pg-launch-certificates.ts";
import { putReviews, readReviews } from "./reviews.ts";
import { putExperimentDetails, putFlagDetails } from "./write-details.ts";

/** Keeps the configuration and all that people say about it in Postgres or PGlite. */
export class PgControlPlaneStore implements ControlPlaneStore {
  readonly #knex: Knex;
  readonly #source: Pick<ConfigurationSource, "load">;

  constructor(knex: Knex, source: Pick<ConfigurationSource, "load">) {
    this.#knex = knex;
    this.#source = source;
  }

  load(environmentId: string): Promise<Configuration> {
    return this.#source.load(environmentId);
  }

  flagDetails(flagId: string): Promise<FlagDetails | undefined> {
    return guarded(async () => {
      const rows = await this.#flagDetails({ id: flagId });
      return rows.map(toFlagDetails)[0];
    });
  }

  allFlagDetails(): Promise<readonly FlagDetails[]> {
    return guarded(async () => {
      const rows = await this.#flagDetails({});
      return rows.map(toFlagDetails);
    });
  }

  flagVersion(environmentId: string, flagId: string, version: number): Promise<Flag | undefined> {
    return guarded(async () => {
      // A flag that was made anew under its old id has a version twice; the later one is meant.
      const rows: { definition: unknown }[] = await this.#knex("flag_versions")
        .where({ environment_id: environmentId, flag_id: flagId, version })
        .orderBy("revision", "desc")
        .limit(1)
        .select("definition");
      return rows.map(({ definition }) => toFlagVersion(definition))[0];
    });
  }

  experimentDetails(environmentId: string, experimentId: string): Promise<ExperimentDetails | undefined> {
    return guarded(async () => {
      const rows = await this.#experimentDetails({ environment_id: environmentId, experiment_id: experimentId });
      return rows.map(toExperimentDetails)[0];
    });
  }

  allExperimentDetails(environmentId: string): Promise<readonly ExperimentDetails[]> {
    return guarded(async () => {
      const rows = await this.#experimentDetails({ environment_id: environmentId });
      return rows.map(toExperimentDetails);
    });
  }

  reviews(environmentId: string, experimentId: string): Promise<readonly Review[]> {
    return guarded(() => readReviews(this.#knex, environmentId, experimentId));
  }

  approverGroups(environmentId: string): Promise<readonly ApproverGroup[]> {
    return guarded(() => readApproverGroups(this.#knex, environmentId));
  }

  eventTypes(environmentId: string): Promise<readonly EventType[]> {
    return guarded(() => readEventTypes(this.#knex, environmentId));
  }

  auditHead(): Promise<AuditHead> {
    return guarded(() => readAuditHead(this.#knex));
  }

  auditEntries(afterSequence: number, count: number): Promise<readonly AuditEntry[]> {
    return guarded(() => readAuditEntries(this.#knex, afterSequence, count));
  }

  commit(environmentId: string, change: ControlChange, expectedRevision: number): Promise<number> {
    return guardedWithChain(() =>
      this.#knex.transaction(async (knex) => {
        const revision = await writeRevision(knex, {
          environmentId,
          expectedRevision,
          change: change.configuration ?? {},
          ...(change.alsoFrom !== undefined && { alsoFrom: change.alsoFrom }),
          saidFlagIds: (change.putFlagDetails ?? []).map(({ flagId }) => flagId),
          alongside: (scope) => writeWhatIsSaid(scope, change),
        });
        await appendToChain(knex, change.audit);
        return revision;
      }),
    );
  }

  #experimentDetails(where: Readonly<Record<string, string>>): Promise<ExperimentDetailsRow[]> {
    return this.#knex("experiment_details")
      .where(where)
      .select(...experimentDetailsColumns(this.#knex));
  }

  #flagDetails(where: Readonly<Record<string, string>>): Promise<FlagDetailsRow[]> {
    return this.#knex("flag_identities")
      .whereNotNull("tags")
      .where(where)
      .select(...flagDetailsColumns(this.#knex));
  }
}

async function writeWhatIsSaid(scope: WriteScope, change: ControlChange): Promise<void> {
  await putFlagDetails(scope, change.putFlagDetails ?? []);
  await putExperimentDetails(scope, change.putExperimentDetails ?? []);
  await putReviews(scope, change.putReviews ?? []);
  await putApproverGroups(scope, change.putApproverGroups ?? []);
  await removeApproverGroups(scope, change.removeApproverGroupIds ?? []);
  await putMetrics(scope, change.putMetrics ?? []);
  await putEventTypes(scope, change.putEventTypes ?? []);
  await putAnalysisPlans(scope, change.putAnalysisPlans ?? []);
  await addPlanDeviations(scope, change.addPlanDeviations ?? []);
  await putLaunchCertificates(scope, change.putCertificates ?? []);
  await putLearnings(scope, change.putLearnings ?? []);
  await writeGuardrails(scope, change.guardrails ?? {});
  await addAnnouncements(scope, change.announcements ?? []);
  await writeNotifications(scope, change.notifications ?? {});
}
