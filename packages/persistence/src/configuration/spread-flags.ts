import { flagElsewhere, LottyError, valueHasType, type ConfigurationChange, type Flag } from "@lotty/domain";
import type { Knex } from "knex";
import { textArray } from "../sql/array-literal.ts";
import { flagColumns, toFlag, type FlagRow } from "./configuration-rows.ts";
import { endRevision } from "./end-revision.ts";
import { putFlags, removeFlags } from "./write-flags.ts";
import type { WriteScope } from "./write-scope.ts";

/** Flags that were written in one environment. */
export interface FlagsToSpread {
  readonly flags: readonly Flag[];
  readonly removeFlagIds: readonly string[];
  /** Those of which something was said. */
  readonly saidFlagIds: ReadonlySet<string>;
  /** Current revisions of all environments, which are locked. */
  readonly revisions: ReadonlyMap<string, number>;
}

/**
 * Makes flags what they have to be in all other environments, after they were written in one: a new revision of each environment
 * in which that changes something.
 *
 * @throws LottyError `invalid_definition` when a flag has values of another type there
 */
export async function spreadFlags(
  { environmentId, knex }: WriteScope,
  { flags, removeFlagIds, revisions, saidFlagIds }: FlagsToSpread,
): Promise<void> {
  if (revisions.size === 1) return;
  const ids = [...flags.map(({ id }) => id), ...removeFlagIds];
  const known = await flagsElsewhere(knex, environmentId, ids);
  for (const [otherId, revision] of revisions) {
    if (otherId === environmentId) continue;
    const there = known.get(otherId) ?? new Map<string, Flag>();
    const removed = removeFlagIds.filter((id) => there.has(id));
    const changed = flags.flatMap((flag) => {
      const before = there.get(flag.id);
      const after = flagElsewhere(flag, before, saidFlagIds.has(flag.id));
      return after === undefined ? [] : [{ before, after }];
    });
    const putFlagsThere = changed.map(({ after }) => after);
    if (removed.length === 0 && putFlagsThere.length === 0) continue;
    const scope: WriteScope = { knex, environmentId: otherId, revision: revision + 1 };
    const retyped = changed.filter(({ after, before }) => before !== undefined && before.valueType !== after.valueType);
    await refuseMisfits(
      scope,
      retyped.map(({ after }) => after),
    );
    await putFlags(scope, putFlagsThere);
    await removeFlags(scope, removed);
    const change: ConfigurationChange = { putFlags: putFlagsThere, removeFlagIds: removed };
    await endRevision(scope, change);
  }
}

/** Some flags by their ids, as they are in all environments but one. */
async function flagsElsewhere(
  knex: Knex,
  environmentId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, Flag>>> {
  const rows: (FlagRow & { readonly environment_id: string })[] = await knex("flags")
    .whereNot({ environment_id: environmentId })
    .whereRaw("id = ANY (?::uuid[])", [textArray(ids)])
    .select("environment_id", ...flagColumns(knex));
  const byEnvironment = Map.groupBy(rows, (row) => row.environment_id);
  return new Map(
    [...byEnvironment].map(([id, some]) => [id, new Map(some.map((row) => [row.id, toFlag(row)] as const))]),
  );
}

interface VariantValueRow {
  readonly flag_id: string;
  readonly value: Flag["defaultValue"];
}

/** Refuses flags whose values in an environment do not have their new type. Experiments that are over count no more. */
async function refuseMisfits({ environmentId, knex }: WriteScope, flags: readonly Flag[]): Promise<void> {
  if (flags.length === 0) return;
  const rows: VariantValueRow[] = await knex("variants AS v")
    .join("experiments AS e", "e.id", "v.experiment_id")
    .where("e.environment_id", environmentId)
    .whereNotIn("e.status", ["completed", "archived", "rejected"])
    .whereRaw("e.flag_id = ANY (?::uuid[])", [textArray(flags.map(({ id }) => id))])
    .select("e.flag_id", "v.value");
  const variants = Map.groupBy(rows, (row) => row.flag_id);
  for (const { defaultValue, id, key, rules, valueType } of flags) {
    const values = [
      defaultValue,
      ...rules.map(({ value }) => value),
      ...(variants.get(id) ?? []).map((row) => row.value),
    ];
    if (values.every((value) => valueHasType(value, valueType))) continue;
    throw new LottyError(
      "invalid_definition",
      `the flag \`${key}\` cannot be of type ${valueType}: it has values of another type in another environment`,
      { details: { flag: key, environmentId } },
    );
  }
}
