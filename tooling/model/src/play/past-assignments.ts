import type { AssignmentRow } from "../check/evidence.ts";
import { variantKey } from "../oracle/configuration.ts";
import type { ConfigurationHistory } from "../world/configuration-history.ts";
import { PAST_EXPERIMENT, pastDays } from "../world/first-definitions.ts";
import { subjectName } from "../world/request.ts";

const DAY_MILLIS = 86_400_000;
const PAST_SUBJECTS = 20_000;

/** What some subjects did before the run. */
export function pastAssignments(seed: number, configurations: ConfigurationHistory): readonly AssignmentRow[] {
  const ids = configurations.newest?.configuration.ids;
  const experimentId = ids?.experiments.get(PAST_EXPERIMENT) ?? "";
  const variantId = ids?.variants.get(variantKey(PAST_EXPERIMENT, "control")) ?? "";
  const now = Date.now();
  return Array.from({ length: PAST_SUBJECTS }, (_, number) => number).flatMap((number): readonly AssignmentRow[] => {
    const days = pastDays(number);
    if (days === null) return [];
    const lastAt = Math.round(now - days * DAY_MILLIS);
    return [{ subject: subjectName(seed, number), experimentId, variantId, firstAt: lastAt - DAY_MILLIS, lastAt }];
  });
}
