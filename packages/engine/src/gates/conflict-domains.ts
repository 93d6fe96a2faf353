import type { Assignment, Subject, SubjectHistory } from "@lotty/domain";
import { bucketOfText } from "#sha256";
import type { CompiledDomain, CompiledMember, DomainPlace } from "../compile-domains.ts";
import type { CompiledExperiment } from "../compile-experiment.ts";
import { isAllocated } from "./allocation.ts";
import { targetingMiss } from "./targeting.ts";

/** Who may have a subject in a domain. */
export interface DomainWinner {
  readonly member: CompiledMember;
  /** The assignment by which the winner holds the domain; absent when it won as a candidate. */
  readonly holding?: Assignment;
}

/** Gate 5: the experiment passes each of its domains. */
export function passesDomains(compiled: CompiledExperiment, subject: Subject, history: SubjectHistory): boolean {
  return compiled.domains.every((place) => passesDomain(place, subject, history));
}

function passesDomain(place: DomainPlace, subject: Subject, history: SubjectHistory): boolean {
  const winner = domainWinner(place.domain, subject, history);
  return winner === null || winner.member === place.member;
}

/**
 * Who may have the subject: the active member that holds it since longest, else the strongest candidate. `null` when no
 * member wants it, which lets everyone pass to the later gates.
 */
export function domainWinner(domain: CompiledDomain, subject: Subject, history: SubjectHistory): DomainWinner | null {
  return holderOf(domain, history) ?? strongestCandidate(domain, subject);
}

/** The active member that holds the subject since longest, if any does. */
export function holderOf(domain: CompiledDomain, history: SubjectHistory): DomainWinner | null {
  let holder: DomainWinner | null = null;
  for (const holding of history) {
    const member = domain.membersById.get(holding.experimentId);
    if (member === undefined || !member.compiled.active) continue;
    if (holder?.holding === undefined || isEarlier(holding, holder.holding)) holder = { member, holding };
  }
  return holder;
}

function isEarlier(a: Assignment, b: Assignment): boolean {
  if (a.firstDecidedAt !== b.firstDecidedAt) return a.firstDecidedAt < b.firstDecidedAt;
  return a.experimentId < b.experimentId;
}

/** Members come highest priority first, so the first eligible one settles the priority and only its equals matter. */
function strongestCandidate(domain: CompiledDomain, subject: Subject): DomainWinner | null {
  let best: CompiledMember | null = null;
  for (const member of domain.members) {
    if (best !== null && member.priority < best.priority) break;
    if (!isEligible(member.compiled, subject)) continue;
    if (best === null || winsTie(member, best, subject.id)) best = member;
  }
  return best === null ? null : { member: best };
}

/** Between candidates of one priority: the smaller bucket, then the smaller experiment id. */
function winsTie(challenger: CompiledMember, best: CompiledMember, subjectId: string): boolean {
  const difference = tieBucket(challenger, subjectId) - tieBucket(best, subjectId);
  if (difference !== 0) return difference < 0;
  return challenger.compiled.experiment.id < best.compiled.experiment.id;
}

/** Whether a member is running and both its rule and its allocation take the subject. */
export function isEligible(compiled: CompiledExperiment, subject: Subject): boolean {
  return compiled.running && targetingMiss(compiled, subject.attributes) === null && isAllocated(compiled, subject.id);
}

/** The bucket that breaks a tie of priority: the smallest wins. 0 to 9999. */
export function tieBucket(member: CompiledMember, subjectId: string): number {
  return bucketOfText(subjectId + member.tieSuffix);
}
