import type { Migration } from "./migration.ts";
import { ASSIGN_AND_ANSWER, CHECK_HELD_VARIANTS, LOCK_AND_COMPARE, WRITE_DECISIONS } from "./recording-function.ts";

/**
 * The function of step 3 with `d_held`: the variant that the stored assignment must have, or null where any will do. Without it a
 * process that had kept an old history could give the subject of a sticky experiment a variant that another process had replaced
 * before the experiment became sticky.
 *
 * The function with one parameter less stays: processes of the version before call it during an update.
 */
export const checkHeldVariants: Migration = {
  name: "0004_check_held_variants",
  sql: `
CREATE FUNCTION lotty_record_decisions(
  c_request integer[], c_environment uuid[], c_subject text[], c_fingerprint text[],
  d_request integer[], d_known boolean[], d_held uuid[], d_id uuid[], d_environment uuid[], d_flag text[], d_subject text[],
  d_experiment uuid[], d_variant uuid[], d_value text[], d_reason text[], d_flag_version integer[],
  d_experiment_version integer[], d_digest text[], d_hash_version smallint[], d_decided_at bigint[]
${LOCK_AND_COMPARE}${CHECK_HELD_VARIANTS}${WRITE_DECISIONS}${ASSIGN_AND_ANSWER}`,
};
