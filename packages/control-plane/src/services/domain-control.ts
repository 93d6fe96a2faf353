import { isActive, MICROS_PER_DAY, type ConflictDomain, type DomainMember } from "@lotty/domain";
import { domainRefusals } from "../domains/check-domain.ts";
import { overlapOf, type Overlap } from "../domains/overlap.ts";
import { mayDo } from "../people/permission.ts";
import type { Refusal } from "../refusal.ts";
import { refused, type Answer, type Command, type CommandResult, type ControlPorts, type Plan } from "./command.ts";
import { runCommand } from "./run-command.ts";

/** New values of some fields. Members are given whole. */
export interface DomainEdit {
  readonly key?: string;
  readonly members?: readonly DomainMember[];
}

/** A command about a conflict domain. */
export interface DomainCommand extends Command {
  readonly domainId: string;
}

/** Everything that can be done with conflict domains; as `ExperimentControl` is for experiments. */
export interface DomainControl {
  create(
    command: Command & { readonly key: string; readonly members?: readonly DomainMember[] },
  ): Promise<CommandResult<ConflictDomain>>;
  edit(command: DomainCommand & { readonly edit: DomainEdit }): Promise<CommandResult<ConflictDomain>>;
  remove(command: DomainCommand): Promise<CommandResult<null>>;
  /** Who shares subjects with whom among the active experiments, and what domains cost their members, over some days. */
  overlap(question: Command & { readonly days: number }): Promise<Answer<Overlap>>;
}

/** Makes the control of conflict domains. */
export function createDomainControl(ports: ControlPorts): DomainControl {
  return {
    create: (command) =>
      runCommand(ports, { ...command, permission: "domain.edit" }, ({ configuration, now }) => {
        const domain = { id: ports.ids.next(now), key: command.key, members: membersOf(command.members ?? []) };
        const refusals = domainRefusals(domain, configuration);
        return refusals.length > 0 ? refused(...refusals) : planDomain("domain.create", null, domain);
      }),
    edit: (command) =>
      runCommand(ports, { ...command, permission: "domain.edit" }, ({ configuration }) => {
        const before = configuration.domains.find(({ id }) => id === command.domainId);
        if (before === undefined) return refused(domainNotFound(command.domainId));
        const { key = before.key, members = before.members } = command.edit;
        const after = { id: before.id, key, members: membersOf(members) };
        const refusals = domainRefusals(after, configuration);
        return refusals.length > 0 ? refused(...refusals) : planDomain("domain.edit", before, after);
      }),
    remove: (command) =>
      runCommand(ports, { ...command, permission: "domain.edit" }, ({ configuration }) => {
        const domain = configuration.domains.find(({ id }) => id === command.domainId);
        if (domain === undefined) return refused(domainNotFound(command.domainId));
        return {
          status: "planned",
          change: { configuration: { removeDomainIds: [domain.id] } },
          audit: [{ action: "domain.remove", entity: entityOf(domain), before: domain, after: null }],
          result: null,
        };
      }),
    overlap: (question) => findOverlap(ports, question),
  };
}

function planDomain(action: string, before: ConflictDomain | null, after: ConflictDomain): Plan<ConflictDomain> {
  return {
    status: "planned",
    change: { configuration: { putDomains: [after] } },
    audit: [{ action, entity: entityOf(after), before, after }],
    result: after,
  };
}

function membersOf(members: readonly DomainMember[]): readonly DomainMember[] {
  return members.map(({ experimentId, priority }) => ({ experimentId, priority }));
}

function entityOf({ id, key }: ConflictDomain): { readonly kind: "domain"; readonly id: string; readonly key: string } {
  return { kind: "domain", id, key };
}

function domainNotFound(id: string): Refusal {
  return { code: "not_found", message: `There is no domain ${id}.`, kind: "domain", id };
}

async function findOverlap(
  { store, sharedSubjects, clock }: ControlPorts,
  { actor, environmentId, days }: Command & { readonly days: number },
): Promise<Answer<Overlap>> {
  const refusal = mayDo(actor, "read");
  if (refusal !== undefined) return refused(refusal);
  if (!Number.isInteger(days) || days < 1) {
    return refused({ code: "invalid_field", field: "days", message: "It is a whole number of days, from 1." });
  }
  const { experiments } = await store.load(environmentId);
  const experimentIds = experiments.filter(({ status }) => isActive(status)).map(({ id }) => id);
  const since = clock.now() - days * MICROS_PER_DAY;
  const counts = await sharedSubjects.count({ environmentId, experimentIds, since });
  return { status: "done", result: overlapOf(counts) };
}
