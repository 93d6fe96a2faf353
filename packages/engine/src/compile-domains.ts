import type { ConflictDomain } from "@lotty/domain";
import { bucketSuffix } from "./bucket.ts";
import type { CompiledExperiment } from "./compile-experiment.ts";

/** A member of a conflict domain. */
export interface CompiledMember {
  readonly compiled: CompiledExperiment;
  readonly priority: number;
  /** Part of the hashed text that breaks ties of priority. */
  readonly tieSuffix: string;
}

/** A conflict domain made ready to be asked. */
export interface CompiledDomain {
  readonly domain: ConflictDomain;
  /** Highest priority first. */
  readonly members: readonly CompiledMember[];
  readonly membersById: ReadonlyMap<string, CompiledMember>;
}

/** That an experiment is in a domain. */
export interface DomainPlace {
  readonly domain: CompiledDomain;
  readonly member: CompiledMember;
}

/** Compiles the domains and tells each experiment its places. Members that are not among the experiments are left out. */
export function compileDomains(
  domains: readonly ConflictDomain[],
  experiments: ReadonlyMap<string, CompiledExperiment>,
): void {
  for (const domain of domains) {
    const members: CompiledMember[] = [];
    for (const { experimentId, priority } of domain.members) {
      const compiled = experiments.get(experimentId);
      if (compiled === undefined) continue;
      members.push({ compiled, priority, tieSuffix: bucketSuffix(experimentId, `domain:${domain.id}`) });
    }
    members.sort((a, b) => b.priority - a.priority);
    const membersById = new Map(members.map((member) => [member.compiled.experiment.id, member]));
    const compiledDomain: CompiledDomain = { domain, members, membersById };
    for (const member of members) member.compiled.domains.push({ domain: compiledDomain, member });
  }
}
