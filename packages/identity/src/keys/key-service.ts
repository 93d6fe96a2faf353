import {
  type Actor,
  type AuditLinker,
  type Clock,
  type IdSource,
  type Instant,
  LottyError,
  type Role,
} from "@lotty/domain";
import { CLIENT_SCOPES, type KeyType } from "../access/key-type.ts";
import type { Scope } from "../access/scope.ts";
import type { KeyStore } from "../ports/key-store.ts";
import { type ApiKey, MAX_KEY_NAME_LENGTH } from "./api-key.ts";
import { keyAudit } from "./key-audit.ts";
import { makeKeyText } from "./key-text.ts";

/** What keeping keys works with. */
export interface KeyServiceOptions {
  readonly store: KeyStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly audit: AuditLinker;
}

/** A key to be. */
export interface NewKey {
  readonly name: string;
  readonly type: KeyType;
  readonly scopes: readonly Scope[];
  /** What the key may do within its scopes; by {@link rolesFor} when absent. */
  readonly roles?: readonly Role[];
  /** Key of the environment that it is bound to. */
  readonly environment: string;
  /** `null` for never. */
  readonly expiresAt: Instant | null;
  /** The one environment for which whoever makes it may make keys; `null` or absent for any. */
  readonly onlyEnvironmentId?: string | null;
}

/** Why a key is not made. */
export type KeyRefusal =
  | "no_name"
  | "name_too_long"
  | "no_scopes"
  /** Keys of type `client` may only decide and send events, as a viewer. */
  | "too_much_for_client"
  | "no_such_environment"
  | "other_environment"
  | "expired_already";

/** A key with the one chance to see it, or why there is none. */
export type KeyOutcome =
  | { readonly ok: true; readonly key: ApiKey; readonly text: string }
  | { readonly ok: false; readonly refusal: KeyRefusal };

/** A prefix of 48 random bits that is taken is next to impossible; so many in a row are a defect. */
const MAX_TRIES = 5;

/** Keeps API keys; whoever makes or revokes one is on record. All methods throw LottyError `database_unavailable`. */
export class KeyService {
  readonly #options: KeyServiceOptions;

  constructor(options: KeyServiceOptions) {
    this.#options = options;
  }

  /** All keys, revoked ones included, newest first. */
  list(): Promise<readonly ApiKey[]> {
    return this.#options.store.listKeys();
  }

  find(id: string): Promise<ApiKey | undefined> {
    return this.#options.store.findKey(id);
  }

  /** Makes a key. Its text is in the outcome, and nowhere else ever again. */
  async make(given: NewKey, by: Actor): Promise<KeyOutcome> {
    const { audit, clock, ids, store } = this.#options;
    const now = clock.now();
    const name = given.name.trim();
    const scopes = [...new Set(given.scopes)];
    const roles = [...new Set(given.roles ?? rolesFor(scopes))];
    const refusal = faultOf({ ...given, name, scopes, roles }, now);
    if (refusal !== undefined) return { ok: false, refusal };
    const environmentId = await store.findEnvironment(given.environment);
    if (environmentId === undefined) return { ok: false, refusal: "no_such_environment" };
    if ((given.onlyEnvironmentId ?? environmentId) !== environmentId)
      return { ok: false, refusal: "other_environment" };
    const onRecord = keyAudit(audit, { action: "key.create", actor: by, at: now });
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const { digest, prefix, text } = makeKeyText(given.type);
      const key: ApiKey = {
        id: ids.next(now),
        prefix,
        digest,
        name,
        type: given.type,
        scopes,
        roles,
        environmentId,
        environmentKey: given.environment,
        createdBy: by.name,
        createdAt: now,
        expiresAt: given.expiresAt,
        revokedAt: null,
        lastUsedAt: null,
      };
      if (await store.addKey(key, onRecord)) return { ok: true, key, text };
    }
    throw new LottyError("internal", "Every prefix of a key that was made is taken.");
  }

  /**
   * Revokes a key: from then on no process takes it.
   *
   * @returns the key; `undefined` when there is none
   */
  async revoke(id: string, by: Actor): Promise<ApiKey | undefined> {
    const { audit, clock, store } = this.#options;
    const at = clock.now();
    const onRecord = keyAudit(audit, { action: "key.revoke", actor: by, at });
    return (await store.revokeKey(id, at, onRecord)) ? store.findKey(id) : undefined;
  }
}

/** The roles of a key that is given none: what its scopes make sense with, and never an admin. */
export function rolesFor(scopes: readonly Scope[]): readonly Role[] {
  return scopes.includes("manage") ? ["experimenter"] : ["viewer"];
}

type CheckedKey = NewKey & { readonly roles: readonly Role[] };

function faultOf({ expiresAt, name, roles, scopes, type }: CheckedKey, now: Instant): KeyRefusal | undefined {
  if (name === "") return "no_name";
  if (name.length > MAX_KEY_NAME_LENGTH) return "name_too_long";
  if (scopes.length === 0) return "no_scopes";
  if (expiresAt !== null && expiresAt <= now) return "expired_already";
  if (type === "client") {
    const modest = scopes.every((scope) => CLIENT_SCOPES.includes(scope)) && roles.every((role) => role === "viewer");
    if (!modest) return "too_much_for_client";
  }
  return undefined;
}
