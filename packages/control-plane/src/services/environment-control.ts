import {
  DEFAULT_ENVIRONMENT_ID,
  environmentKeyFault,
  LottyError,
  MAX_ENVIRONMENTS,
  type Actor,
  type AuditDraft,
  type AuditLink,
  type Environment,
} from "@lotty/domain";
import { auditLinker } from "../audit/link-entries.ts";
import { mayDo } from "../people/permission.ts";
import type { Refusal } from "../refusal.ts";
import { refused, type Answer, type ControlPorts } from "./command.ts";

/** A command about an environment. It takes place in none. */
export interface EnvironmentCommand {
  readonly actor: Actor;
  readonly id: string;
}

/** Everything that can be done with environments. A refusal says why. Methods throw what the store throws. */
export interface EnvironmentControl {
  /** All environments, archived ones included, in the order of their keys. */
  list(): Promise<readonly Environment[]>;
  /** Makes an environment in which every flag is switched off. */
  create(command: { readonly actor: Actor; readonly key: string }): Promise<Answer<Environment>>;
  /** Puts an environment away: nothing is decided in it any more. */
  archive(command: EnvironmentCommand): Promise<Answer<Environment>>;
  unarchive(command: EnvironmentCommand): Promise<Answer<Environment>>;
  /** Removes an archived environment for good, unless decisions were taken in it. */
  remove(command: EnvironmentCommand): Promise<Answer<null>>;
}

type EnvironmentPorts = Pick<ControlPorts, "clock" | "environments" | "ids">;

/** Makes the control of environments. */
export function createEnvironmentControl(ports: EnvironmentPorts): EnvironmentControl {
  return {
    list: () => ports.environments.environments(),
    create: (command) => create(ports, command),
    archive: (command) => putAway(ports, command, true),
    unarchive: (command) => putAway(ports, command, false),
    remove: (command) => remove(ports, command),
  };
}

async function create(
  ports: EnvironmentPorts,
  { actor, key }: { readonly actor: Actor; readonly key: string },
): Promise<Answer<Environment>> {
  const forbidden = mayDo(actor, "environment.edit");
  if (forbidden !== undefined) return refused(forbidden);
  const fault = environmentKeyFault(key);
  if (fault !== undefined) return refused({ code: "invalid_field", field: "key", message: fault });
  const full = await tooMany(ports);
  if (full !== undefined) return refused(full);
  const now = ports.clock.now();
  const environment: Environment = { id: ports.ids.next(now), key, createdAt: now, archivedAt: null };
  const link = linkOf(ports, actor, { action: "environment.create", before: null, after: environment });
  if (await ports.environments.addEnvironment(environment, link)) return { status: "done", result: environment };
  return refused({ code: "key_taken", message: `Another environment is called ${key}.`, key });
}

async function putAway(
  ports: EnvironmentPorts,
  { actor, id }: EnvironmentCommand,
  away: boolean,
): Promise<Answer<Environment>> {
  const found = await find(ports, actor, id);
  if (found.status === "refused") return found;
  const before = found.result;
  if (id === DEFAULT_ENVIRONMENT_ID) return refused(stays(before));
  if ((before.archivedAt !== null) === away) {
    const message = `${before.key} is ${away ? "archived already" : "not archived"}.`;
    return refused({ code: "nothing_changed", message });
  }
  const full = away ? undefined : await tooMany(ports);
  if (full !== undefined) return refused(full);
  const after: Environment = { ...before, archivedAt: away ? ports.clock.now() : null };
  const action = away ? "environment.archive" : "environment.unarchive";
  const written = await ports.environments.putEnvironment(after, linkOf(ports, actor, { action, before, after }));
  return written ? { status: "done", result: after } : refused(notFound(id));
}

async function remove(ports: EnvironmentPorts, { actor, id }: EnvironmentCommand): Promise<Answer<null>> {
  const found = await find(ports, actor, id);
  if (found.status === "refused") return found;
  const before = found.result;
  if (id === DEFAULT_ENVIRONMENT_ID) return refused(stays(before));
  if (before.archivedAt === null) {
    const message = `Archive ${before.key} before you remove it, so that nothing is decided in it meanwhile.`;
    return refused({ code: "in_use", message, by: [] });
  }
  const link = linkOf(ports, actor, { action: "environment.remove", before, after: null });
  switch (await ports.environments.removeEnvironment(id, link)) {
    case "done":
      return { status: "done", result: null };
    case "not_found":
      return refused(notFound(id));
    case "in_use": {
      const message =
        `Decisions were taken in ${before.key}, or keys are bound to it that are not revoked. Leave it archived: ` +
        "what is on record stays there.";
      return refused({ code: "in_use", message, by: [] });
    }
  }
}

async function find(ports: EnvironmentPorts, actor: Actor, id: string): Promise<Answer<Environment>> {
  const forbidden = mayDo(actor, "environment.edit");
  if (forbidden !== undefined) return refused(forbidden);
  const all = await ports.environments.environments();
  const environment = all.find((each) => each.id === id);
  return environment === undefined ? refused(notFound(id)) : { status: "done", result: environment };
}

async function tooMany({ environments }: EnvironmentPorts): Promise<Refusal | undefined> {
  const inUse = (await environments.environments()).filter(({ archivedAt }) => archivedAt === null);
  if (inUse.length < MAX_ENVIRONMENTS) return undefined;
  const message = `There are ${MAX_ENVIRONMENTS} environments already; archive one first.`;
  return { code: "invalid_field", field: "key", message };
}

function stays({ key }: Environment): Refusal {
  const message = `${key} stays: whoever names no environment works in it.`;
  return { code: "in_use", message, by: [] };
}

function notFound(id: string): Refusal {
  return { code: "not_found", message: `There is no environment ${id}.`, kind: "environment", id };
}

interface EnvironmentDraft extends Pick<AuditDraft, "action"> {
  readonly before: Environment | null;
  readonly after: Environment | null;
}

function linkOf(
  { clock, ids }: EnvironmentPorts,
  actor: Actor,
  { action, after, before }: EnvironmentDraft,
): AuditLink {
  const environment = after ?? before;
  if (environment === null) throw new LottyError("internal", "An entry about no environment.");
  const entity = { kind: "environment", id: environment.id, key: environment.key } as const;
  return auditLinker(ids)([{ action, entity, before, after }], { actor, at: clock.now(), environmentId: null });
}
