import type { KeyResponse, MadeKeyResponse, UserResponse } from "@lotty/contracts";
import type { Instant, Role } from "@lotty/domain";
import type { KeyType, Scope } from "@lotty/identity";

/** A change of one person: one of these. */
export type UserChange =
  | { readonly roles: readonly Role[] }
  | { readonly disabled: boolean }
  | { readonly password: string };

/** A key to be made. */
export interface AskedKey {
  readonly name: string;
  readonly type: KeyType;
  readonly scopes: readonly Scope[];
  readonly roles: readonly Role[] | undefined;
  readonly environment: string;
  readonly expiresAt: Instant | null;
}

/**
 * Where people and keys are kept: a database, or a running API. All methods throw LottyError with the codes of the API; a person
 * goes by name, a key by id or prefix.
 */
export interface IdentitySource {
  listUsers(): Promise<readonly UserResponse[]>;
  addUser(user: {
    readonly name: string;
    readonly password: string;
    readonly roles: readonly Role[];
  }): Promise<UserResponse>;
  changeUser(name: string, change: UserChange): Promise<UserResponse>;
  removeUser(name: string): Promise<void>;
  listKeys(): Promise<readonly KeyResponse[]>;
  makeKey(key: AskedKey): Promise<MadeKeyResponse>;
  revokeKey(idOrPrefix: string): Promise<KeyResponse>;
}
