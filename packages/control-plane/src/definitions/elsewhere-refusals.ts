import { isActive } from "@lotty/domain";
import type { ValueSchemas } from "@lotty/value-schemas";
import { isSameValueKind, type DescribedFlag } from "../flags/edit-flag.ts";
import { misfitsElsewhere } from "../flags/misfits-elsewhere.ts";
import type { Refusal } from "../refusal.ts";
import type { Elsewhere, OtherEnvironment } from "../services/elsewhere.ts";
import type { ChangedFlag } from "./changed-flags.ts";

/** What other environments have against the flags of a file. They are loaded only when something changes everywhere. */
export async function elsewhereRefusals(
  changed: readonly ChangedFlag[],
  elsewhere: Elsewhere,
  schemas: ValueSchemas,
): Promise<readonly Refusal[]> {
  const everywhere = changed.filter(concernsOthers);
  if (everywhere.length === 0) return [];
  const others = await elsewhere.load();
  return everywhere.flatMap(({ after, before }) => {
    if (after === null) return removalRefusals(before, others);
    const ofValues = isSameValueKind(before, after) ? [] : misfits(after, others, schemas);
    return isPutAway(before, after) ? [...ofValues, ...archiveRefusals(before, others)] : ofValues;
  });
}

function concernsOthers({ after, before }: ChangedFlag): boolean {
  return after === null || !isSameValueKind(before, after) || isPutAway(before, after);
}

function isPutAway(before: DescribedFlag, after: DescribedFlag): boolean {
  return before.details.archivedAt === null && after.details.archivedAt !== null;
}

function misfits(after: DescribedFlag, others: readonly OtherEnvironment[], schemas: ValueSchemas): readonly Refusal[] {
  return misfitsElsewhere(after, others, schemas).map((refusal) =>
    refusal.code === "invalid_field" ? { ...refusal, field: `flags.${after.flag.key}.${refusal.field}` } : refusal,
  );
}

function archiveRefusals({ flag }: DescribedFlag, others: readonly OtherEnvironment[]): readonly Refusal[] {
  const by = others.flatMap(({ configuration, environment }) =>
    configuration.experiments
      .filter(({ flagId, status }) => flagId === flag.id && isActive(status))
      .map(({ key }) => `${key} (${environment.key})`),
  );
  if (by.length === 0) return [];
  const message = `An experiment is active on ${flag.key}; complete it first: ${by.join(", ")}.`;
  return [{ code: "in_use", message, by }];
}

/** Experiments keep a flag as they do when it is removed by itself; whoever relies on one that is switched on has not let go of it. */
function removalRefusals({ details, flag }: DescribedFlag, others: readonly OtherEnvironment[]): readonly Refusal[] {
  const by = others.flatMap(({ configuration, environment }) =>
    configuration.experiments
      .filter(({ flagId }) => flagId === flag.id)
      .map(({ key }) => `${key} (${environment.key})`),
  );
  if (by.length > 0) {
    return [{ code: "in_use", message: `Experiments refer to ${flag.key}: ${by.join(", ")}.`, by }];
  }
  const on = others
    .filter(({ configuration }) => configuration.flags.some(({ enabled, id }) => id === flag.id && enabled))
    .map(({ environment }) => environment.key);
  if (on.length === 0 || details.archivedAt !== null) return [];
  const message = `${flag.key} is switched on in other environments: ${on.join(", ")}. Archive it before a file removes it.`;
  return [{ code: "in_use", message, by: on }];
}
