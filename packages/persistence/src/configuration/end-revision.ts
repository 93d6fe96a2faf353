import type { ConfigurationChange } from "@lotty/domain";
import { CHANGE_CHANNEL, encodeNotice } from "../notices/change-channel.ts";
import type { WriteScope } from "./write-scope.ts";

/** Makes what was written the environment's newest revision, and tells of it. */
export async function endRevision(
  { environmentId, knex, revision }: WriteScope,
  change: ConfigurationChange,
): Promise<void> {
  await knex("environments").where({ id: environmentId }).update({ revision });
  await knex("change_log").insert({
    environment_id: environmentId,
    revision,
    changes: JSON.stringify(summary(change)),
  });
  // Delivered at the commit, and not at all without one.
  await knex.raw("SELECT pg_notify(?, ?)", [CHANGE_CHANNEL, encodeNotice({ environmentId, revision })]);
}

function summary(change: ConfigurationChange): Record<string, readonly string[]> {
  const entries: readonly (readonly [string, readonly string[]])[] = [
    ["put_flags", (change.putFlags ?? []).map(({ id }) => id)],
    ["put_experiments", (change.putExperiments ?? []).map(({ id }) => id)],
    ["put_domains", (change.putDomains ?? []).map(({ id }) => id)],
    ["put_segments", (change.putSegments ?? []).map(({ id }) => id)],
    ["remove_flags", change.removeFlagIds ?? []],
    ["remove_experiments", change.removeExperimentIds ?? []],
    ["remove_domains", change.removeDomainIds ?? []],
    ["remove_segments", change.removeSegmentIds ?? []],
  ];
  return Object.fromEntries(entries.filter(([, ids]) => ids.length > 0));
}
