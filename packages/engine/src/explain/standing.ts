import type { Assignment, ExperimentStatus, Instant, SubjectHistory } from "@lotty/domain";
import type { CompiledDomain } from "../compile-domains.ts";
import type { CompiledExperiment } from "../compile-experiment.ts";
import { holderOf } from "../gates/conflict-domains.ts";
import { COOLDOWN_DAYS, endOfCooldown, isCooling, PARTICIPATION_LIMIT } from "../gates/participation.ts";
import type { Snapshot } from "../snapshot.ts";
import type { BlockingAssignment } from "./explanation.ts";

/** An assignment with the names that belong to it. */
export interface NamedAssignment extends Assignment {
  /** `null` when no configuration knows the experiment; then the assignment means nothing. */
  readonly experiment: { readonly key: string; readonly flagKey: string; readonly status: ExperimentStatus } | null;
  /** `null` when the experiment does not have the variant any more. */
  readonly variantName: string | null;
}

/** A conflict domain that a subject is bound to. */
export interface HeldDomain {
  readonly domainId: string;
  readonly domainKey: string;
  /** The only experiment of the domain that may have the subject, as long as it is active. */
  readonly holder: BlockingAssignment;
}

/** What a subject takes part in, and what keeps it out of other experiments, whatever its attributes. */
export interface Standing {
  readonly revision: number;
  readonly at: Instant;
  /** In the order in which they were made. */
  readonly assignments: readonly NamedAssignment[];
  readonly participation: {
    readonly limit: number;
    /** Active experiments that hold the subject. At the limit it enters no other; only the end of one makes room. */
    readonly taken: readonly BlockingAssignment[];
  };
  readonly cooldown: {
    readonly days: number;
    /** Concluded experiments that keep the subject out of all others, with the end of that. */
    readonly cooling: readonly BlockingAssignment[];
    /** First instant at which none of them does; `null` when none does now. */
    readonly freeAt: Instant | null;
  };
  /** In the order of their keys. */
  readonly domains: readonly HeldDomain[];
}

/** Tells how a subject stands. Follows from the same facts as gates 4 and 5, without asking for any one flag. */
export function standing(snapshot: Snapshot, history: SubjectHistory, now: Instant): Standing {
  const held = history.toSorted((a, b) => a.firstDecidedAt - b.firstDecidedAt);
  const known = held.flatMap((assignment) => {
    const compiled = snapshot.experiments.get(assignment.experimentId);
    return compiled === undefined ? [] : [{ assignment, compiled }];
  });
  const taken = known
    .filter(({ compiled }) => compiled.active)
    .map(({ assignment, compiled }) => blocking(compiled, assignment));
  const cooling = known
    .filter(({ assignment, compiled }) => isCooling(compiled, assignment, now))
    .map(({ assignment, compiled }) => ({ ...blocking(compiled, assignment), freeAt: endOfCooldown(assignment) }));
  return {
    revision: snapshot.revision,
    at: now,
    assignments: held.map((assignment) => named(assignment, snapshot.experiments.get(assignment.experimentId))),
    participation: { limit: PARTICIPATION_LIMIT, taken },
    cooldown: {
      days: COOLDOWN_DAYS,
      cooling,
      freeAt: cooling.length === 0 ? null : Math.max(...cooling.map(({ freeAt }) => freeAt)),
    },
    domains: heldDomains(
      known.map(({ compiled }) => compiled),
      history,
    ),
  };
}

function named(assignment: Assignment, compiled: CompiledExperiment | undefined): NamedAssignment {
  if (compiled === undefined) return { ...assignment, experiment: null, variantName: null };
  const { experiment, flag } = compiled;
  const variant = experiment.variants.find(({ id }) => id === assignment.variantId);
  return {
    ...assignment,
    experiment: { key: experiment.key, flagKey: flag.key, status: experiment.status },
    variantName: variant?.name ?? null,
  };
}

function blocking({ experiment }: CompiledExperiment, { lastDecidedAt }: Assignment): BlockingAssignment {
  return { experimentId: experiment.id, experimentKey: experiment.key, status: experiment.status, lastDecidedAt };
}

function heldDomains(assigned: readonly CompiledExperiment[], history: SubjectHistory): readonly HeldDomain[] {
  const domains = new Set<CompiledDomain>(assigned.flatMap((compiled) => compiled.domains.map(({ domain }) => domain)));
  return [...domains]
    .flatMap((domain): HeldDomain[] => {
      const winner = holderOf(domain, history);
      if (winner?.holding === undefined) return [];
      const holder = blocking(winner.member.compiled, winner.holding);
      return [{ domainId: domain.domain.id, domainKey: domain.domain.key, holder }];
    })
    .toSorted((a, b) => (a.domainKey < b.domainKey ? -1 : 1));
}
