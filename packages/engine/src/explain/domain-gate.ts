import type { Subject } from "@lotty/domain";
import type { SubjectInContext } from "../assign.ts";
import type { CompiledDomain, CompiledMember, DomainPlace } from "../compile-domains.ts";
import type { CompiledExperiment } from "../compile-experiment.ts";
import { domainWinner, isEligible, tieBucket, type DomainWinner } from "../gates/conflict-domains.ts";
import type { DomainCandidateTrace, DomainTrace, GateTrace } from "./explanation.ts";

/** Gate 5. */
export function domainGate(compiled: CompiledExperiment, context: SubjectInContext): GateTrace {
  const domains = compiled.domains.map((place) => domainTrace(place, context));
  const lost = domains.filter((domain) => !domain.passed);
  if (lost.length === 0) return { gate: "conflict_domains", verdict: "passed", domains };
  return { gate: "conflict_domains", verdict: "failed", domains, change: lost.map(changeFor).join(" ") };
}

function domainTrace({ domain, member }: DomainPlace, { history, subject }: SubjectInContext): DomainTrace {
  const winner = domainWinner(domain, subject, history);
  const candidates = domain.members.map((each) => candidateTrace(each, subject));
  const trace = {
    domainId: domain.domain.id,
    domainKey: domain.domain.key,
    passed: winner === null || winner.member === member,
    candidates,
  };
  if (winner === null) return trace;
  return {
    ...trace,
    ...(winner.holding === undefined ? {} : { holder: winner.holding }),
    winnerExperimentId: winner.member.compiled.experiment.id,
    wonBy: wonBy(winner, domain, candidates),
  };
}

function candidateTrace(member: CompiledMember, subject: Subject): DomainCandidateTrace {
  const { experiment } = member.compiled;
  const eligible = isEligible(member.compiled, subject);
  return {
    experimentId: experiment.id,
    experimentKey: experiment.key,
    status: experiment.status,
    priority: member.priority,
    eligible,
    ...(eligible ? { tieBucket: tieBucket(member, subject.id) } : {}),
  };
}

function wonBy(
  winner: DomainWinner,
  domain: CompiledDomain,
  candidates: readonly DomainCandidateTrace[],
): NonNullable<DomainTrace["wonBy"]> {
  if (winner.holding !== undefined) return "holder";
  const eligible = candidates.filter((candidate) => candidate.eligible);
  if (eligible.length === 1) return "only_candidate";
  const equals = eligible.filter((candidate) => candidate.priority === winner.member.priority);
  if (equals.length === 1) return "priority";
  const own = domain.membersById.get(winner.member.compiled.experiment.id);
  const bucket = equals.find((candidate) => candidate.experimentId === own?.compiled.experiment.id)?.tieBucket;
  return equals.filter((candidate) => candidate.tieBucket === bucket).length === 1 ? "tie_bucket" : "experiment_id";
}

function changeFor(domain: DomainTrace): string {
  const winner = domain.candidates.find((candidate) => candidate.experimentId === domain.winnerExperimentId);
  const key = winner?.experimentKey ?? "";
  if (domain.wonBy === "holder") return `In ${domain.domainKey}, ${key} holds the subject and would have to end.`;
  return `In ${domain.domainKey}, the priority would have to be above that of ${key}, ${winner?.priority ?? ""}.`;
}
