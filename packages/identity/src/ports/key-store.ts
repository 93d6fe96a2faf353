import type { AuditOf, Instant } from "@lotty/domain";
import type { ApiKey } from "../keys/api-key.ts";

/** All keys that are not revoked, as of one generation. */
export interface LiveKeys {
  readonly generation: number;
  readonly keys: readonly ApiKey[];
}

/**
 * Keeps API keys. All methods throw LottyError `database_unavailable` while the database is away. What makes or revokes one is put
 * on record in the same step: both happen, or neither.
 */
export interface KeyStore {
  /** All keys, revoked ones included, newest first. */
  listKeys(): Promise<readonly ApiKey[]>;
  findKey(id: string): Promise<ApiKey | undefined>;
  /**
   * Adds a key, makes a new generation and tells every process.
   *
   * @returns `false` when a key has the prefix
   */
  addKey(key: ApiKey, audit: AuditOf<ApiKey>): Promise<boolean>;
  /**
   * Revokes a key, makes a new generation and tells every process. A key that is revoked already stays as it is,
   * and nothing is put on record.
   *
   * @returns `false` when there is none
   */
  revokeKey(id: string, at: Instant, audit: AuditOf<ApiKey>): Promise<boolean>;
  loadLiveKeys(): Promise<LiveKeys>;
  /** The current generation: one cheap read. */
  keyGeneration(): Promise<number>;
  /** Notes when keys were last used; an earlier time than the stored one is ignored. Makes no new generation. */
  noteUse(uses: ReadonlyMap<string, Instant>): Promise<void>;
  /** The id of an environment by its key. */
  findEnvironment(key: string): Promise<string | undefined>;
}

/**
 * What stands in the place of an environment's id in a change notice that tells of a new generation of keys; the generation
 * stands in the place of the revision.
 */
export const KEY_NOTICE_ID = "identity";
