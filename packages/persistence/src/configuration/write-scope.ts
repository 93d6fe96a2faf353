import type { Knex } from "knex";

/** Where and as which revision records are written. */
export interface WriteScope {
  readonly knex: Knex;
  readonly environmentId: string;
  /** The revision that this change makes. */
  readonly revision: number;
}
