import type { ChangePlan, Said } from "@lotty/definitions";
import type { Configuration } from "@lotty/domain";
import { newFlagDetails, type DescribedFlag } from "../flags/edit-flag.ts";

/** A flag that a file changes or removes. */
export interface ChangedFlag {
  readonly before: DescribedFlag;
  /** `null` when it is removed. */
  readonly after: DescribedFlag | null;
}

/** The flags that a file changes or removes, each with what is said about it; not those that it makes. */
export function changedFlags(
  { change, said: put }: ChangePlan,
  configuration: Configuration,
  said: Said,
): readonly ChangedFlag[] {
  const flags = new Map((change.putFlags ?? []).map((flag) => [flag.id, flag]));
  const removed = new Set(change.removeFlagIds);
  const detailsBefore = new Map(said.flags.map((details) => [details.flagId, details]));
  const detailsPut = new Map((put.putFlagDetails ?? []).map((details) => [details.flagId, details]));
  return configuration.flags.flatMap((flag): readonly ChangedFlag[] => {
    const { id } = flag;
    const before: DescribedFlag = { flag, details: detailsBefore.get(id) ?? newFlagDetails(id) };
    if (removed.has(id)) return [{ before, after: null }];
    if (!flags.has(id) && !detailsPut.has(id)) return [];
    return [{ before, after: { flag: flags.get(id) ?? flag, details: detailsPut.get(id) ?? before.details } }];
  });
}
