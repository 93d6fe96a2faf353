import type { Role } from "@lotty/domain";
import type { Scope } from "./scope.ts";

/** Who may use an operation. */
export type Access =
  | {
      /** Anyone, without saying who they are. */
      readonly kind: "public";
    }
  | {
      readonly kind: "scope";
      /** What a key must have been made for. */
      readonly scope: Scope;
      /** What the caller must be. */
      readonly role: Role;
      /** The answer tells of rules and settings, which keys of type `client` must not see. */
      readonly serverOnly?: true;
      /** It concerns all environments, not one: keys that are bound to another than the first one must not use it. */
      readonly everywhere?: true;
    };

/** An {@link Access} that asks for something. */
export type ScopedAccess = Extract<Access, { readonly kind: "scope" }>;
