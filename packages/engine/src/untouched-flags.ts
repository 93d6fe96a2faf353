import type { Configuration } from "@lotty/domain";
import type { Snapshot } from "./snapshot.ts";

/**
 * Ids of the flags of which all is as in an earlier snapshot: the flag and each of its experiments are the very same records, and
 * none of these was or is in a conflict domain, where what is made of one experiment rests on others. Compares no contents: whoever
 * loads a configuration anew in full gets none. Linear in the number of flags and experiments.
 */
export function untouchedFlags(configuration: Configuration, previous: Snapshot): ReadonlySet<string> {
  const untouched = new Set<string>();
  for (const flag of configuration.flags) {
    if (previous.flags.get(flag.key)?.flag === flag) untouched.add(flag.id);
  }
  let seen = 0;
  for (const experiment of configuration.experiments) {
    const earlier = previous.experiments.get(experiment.id);
    if (earlier !== undefined) seen += 1;
    if (earlier?.experiment !== experiment || earlier.domains.length > 0) untouched.delete(experiment.flagId);
    // It may have moved from another flag.
    if (earlier !== undefined && earlier.flag.id !== experiment.flagId) untouched.delete(earlier.flag.id);
  }
  if (seen < previous.experiments.size) removeThoseOfGone(untouched, configuration, previous);
  removeThoseInDomains(untouched, configuration);
  return untouched;
}

function removeThoseOfGone(untouched: Set<string>, { experiments }: Configuration, previous: Snapshot): void {
  const staying = new Set(experiments.map(({ id }) => id));
  for (const [id, { flag }] of previous.experiments) if (!staying.has(id)) untouched.delete(flag.id);
}

function removeThoseInDomains(untouched: Set<string>, { domains, experiments }: Configuration): void {
  const members = new Set(domains.flatMap((domain) => domain.members.map(({ experimentId }) => experimentId)));
  for (const { flagId, id } of experiments) if (members.has(id)) untouched.delete(flagId);
}
