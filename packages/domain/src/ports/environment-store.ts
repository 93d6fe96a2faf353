import type { AuditLink } from "../audit-entry.ts";
import type { Environment } from "../environment.ts";

/** How removing an environment ended. */
export type EnvironmentRemoval =
  | "done"
  | "not_found"
  /** It has decisions on record, or keys that are not revoked. Nothing was changed. */
  | "in_use";

/** Keeps the environments. Every change tells every process of it, by a notice with {@link ENVIRONMENTS_NOTICE_ID}. */
export interface EnvironmentStore {
  /**
   * All environments, archived ones included, in the order of their keys.
   *
   * @throws LottyError `database_unavailable`
   */
  environments(): Promise<readonly Environment[]>;

  /**
   * Adds an environment in which every flag there is exists, switched off: see `flagElsewhere`. That is its first revision.
   *
   * @returns `false` when another has the key
   * @throws LottyError `database_unavailable`; whatever the link throws
   */
  addEnvironment(environment: Environment, audit: AuditLink): Promise<boolean>;

  /**
   * Writes when an environment was archived, or that it is not.
   *
   * @returns `false` when there is none of this id
   * @throws LottyError as {@link EnvironmentStore.addEnvironment}
   */
  putEnvironment(environment: Environment, audit: AuditLink): Promise<boolean>;

  /**
   * Removes an environment with its whole configuration, unless decisions were taken in it.
   *
   * @throws LottyError as {@link EnvironmentStore.addEnvironment}
   */
  removeEnvironment(id: string, audit: AuditLink): Promise<EnvironmentRemoval>;
}

/** What stands in the place of an environment's id in a change notice that tells that there are other environments now. */
export const ENVIRONMENTS_NOTICE_ID = "environments";
