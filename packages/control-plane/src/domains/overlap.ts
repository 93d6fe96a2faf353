import type { DomainLoss, ExperimentSubjects, SharedSubjectsCount } from "@lotty/domain";

/** How far two experiments have the same subjects. */
export interface ExperimentOverlap {
  readonly experimentIds: readonly [string, string];
  readonly subjects: number;
  /** Share of the first one's and of the second one's subjects that the other has too, 0 to 1. */
  readonly shares: readonly [number, number];
}

/** What a domain costs one of its members. */
export interface DomainCost {
  readonly domainId: string;
  readonly experimentId: string;
  /** Subjects that the experiment was refused in this domain, a subject once for each member that it was refused for. */
  readonly lost: number;
  /** {@link DomainCost.lost} by how many the experiment would have with them, 0 to 1. */
  readonly share: number;
  /** To whom, the greatest loss first. */
  readonly to: readonly { readonly experimentId: string; readonly subjects: number }[];
}

/** Who shares subjects with whom, and who loses them to whom. */
export interface Overlap {
  /** Pairs that share any, the most subjects first. */
  readonly pairs: readonly ExperimentOverlap[];
  /** Members that lose any, the greatest share first. */
  readonly costs: readonly DomainCost[];
}

/** Counts as they come from the store. */
export interface OverlapCounts {
  readonly experiments: readonly ExperimentSubjects[];
  readonly pairs: readonly SharedSubjectsCount[];
  readonly losses: readonly DomainLoss[];
}

/** Turns counts into shares. Linear in the counts, but for sorting them. */
export function overlapOf({ experiments, pairs, losses }: OverlapCounts): Overlap {
  const assigned = new Map(experiments.map((each) => [each.experimentId, each.assigned]));
  const shareOf = (subjects: number, id: string): number => share(subjects, assigned.get(id) ?? 0);
  return {
    pairs: pairs
      .filter(({ subjects }) => subjects > 0)
      .map(({ experimentIds, subjects }) => ({
        experimentIds,
        subjects,
        shares: [shareOf(subjects, experimentIds[0]), shareOf(subjects, experimentIds[1])] as const,
      }))
      .toSorted((a, b) => b.subjects - a.subjects),
    costs: costsOf(losses, assigned),
  };
}

function costsOf(losses: readonly DomainLoss[], assigned: ReadonlyMap<string, number>): readonly DomainCost[] {
  const byMember = Map.groupBy(
    losses.filter(({ subjects }) => subjects > 0),
    ({ domainId, loserId }) => `${domainId} ${loserId}`,
  );
  return [...byMember.values()]
    .flatMap((own) => {
      const [first] = own;
      if (first === undefined) return [];
      const { domainId, loserId: experimentId } = first;
      const lost = own.reduce((sum, { subjects }) => sum + subjects, 0);
      const to = own
        .map(({ winnerId, subjects }) => ({ experimentId: winnerId, subjects }))
        .toSorted((a, b) => b.subjects - a.subjects);
      return [{ domainId, experimentId, lost, share: share(lost, lost + (assigned.get(experimentId) ?? 0)), to }];
    })
    .toSorted((a, b) => b.share - a.share);
}

/** Counts of different moments may make a part larger than the whole. */
function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(1, part / whole);
}
