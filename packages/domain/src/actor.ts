import type { Role } from "./role.ts";

/** Who changes something. */
export interface Actor {
  /** Lower-case UUID of the person or key. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly kind: "user" | "key" | "system";
  /** Where the call came from, as an address or the name of a program; `null` when that is not known. */
  readonly from: string | null;
}
