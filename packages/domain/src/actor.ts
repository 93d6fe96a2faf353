import type { Role } from "./role.ts";

/** Who changes something. */
export interface Actor {
  /** Lower-case UUID of the person or key; {@link SYSTEM_ACTOR_ID} for a program. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly kind: "user" | "key" | "system";
  /** Where the call came from, as an address or the name of a program; `null` when that is not known. */
  readonly from: string | null;
}

/** The id that programs have on record, which are neither a person nor a key. */
export const SYSTEM_ACTOR_ID = "00000000-0000-0000-0000-000000000000";

/** A program that works on the database itself and may do anything there. `from` says how it was called. */
export function systemActor(from: string): Actor {
  return { id: SYSTEM_ACTOR_ID, name: "lotty", roles: ["admin"], kind: "system", from };
}
