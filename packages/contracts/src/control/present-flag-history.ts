import type { FlagDifference, StaleFlag } from "@lotty/control-plane";
import { formatInstant } from "@lotty/domain";
import type { FlagDifferenceResponse, StaleFlagResponse } from "./control-answers.ts";
import { wireField } from "./wire-field.ts";

/** A flag that nobody seems to need, for the wire. */
export function presentStaleFlag({ flagId, key, lastDecidedAt, reason }: StaleFlag): StaleFlagResponse {
  return {
    flag_id: flagId,
    key,
    reason,
    last_decided_at: lastDecidedAt === null ? null : formatInstant(lastDecidedAt),
  };
}

/** What differs between two versions of a flag, for the wire. */
export function presentFlagDifference({ after, before, field }: FlagDifference): FlagDifferenceResponse {
  return { field: wireField(field), before, after };
}
