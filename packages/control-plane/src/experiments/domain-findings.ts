import { FULL_ALLOCATION, type ConflictDomain, type DomainMember, type Experiment } from "@lotty/domain";
import { parse } from "@lotty/dsl";
import type { LaunchFinding, LaunchQuestion } from "./launch-gate.ts";
import { ruleText } from "./same-rule.ts";

/** Whether members of an experiment's conflict domains leave it any subjects. */
export function domainFindings({ experiment, configuration }: LaunchQuestion): readonly LaunchFinding[] {
  const byId = new Map(configuration.experiments.map((each) => [each.id, each]));
  return configuration.domains.flatMap((domain) => {
    const place = domain.members.find(({ experimentId }) => experimentId === experiment.id);
    if (place === undefined) return [];
    const stronger = strongerMembers(domain, place)
      .map(({ experimentId }) => byId.get(experimentId))
      .filter((member) => member?.status === "running");
    return stronger.flatMap((member) => (member === undefined ? [] : [findingAbout(domain, member, experiment)]));
  });
}

function strongerMembers({ members }: ConflictDomain, place: DomainMember): readonly DomainMember[] {
  return members.filter(({ priority }) => priority > place.priority);
}

function findingAbout(domain: ConflictDomain, member: Experiment, experiment: Experiment): LaunchFinding {
  const field = `domains.${domain.key}`;
  const goesFirst = `${member.key} goes first in the domain ${domain.key}`;
  if (takesAllOf(member, experiment)) {
    const message = `${goesFirst} and takes every subject that this experiment is for.`;
    return { code: "domain_without_room", severity: "blocks", field, message };
  }
  return { code: "domain_shared", severity: "warns", field, message: `${goesFirst}: its subjects are out of reach.` };
}

/** Whether it is certain that a member wants every subject that an experiment wants. */
function takesAllOf(member: Experiment, experiment: Experiment): boolean {
  if (member.trafficAllocation !== FULL_ALLOCATION) return false;
  const rule = parse(member.targetingRules);
  return rule.ok && (rule.rule === null || ruleText(member.targetingRules) === ruleText(experiment.targetingRules));
}
