import { isLottyError, type Configuration, type Instant } from "@lotty/domain";
import { auditLinker } from "../audit/link-entries.ts";
import { mayDo, type Permission } from "../people/permission.ts";
import { announcementsOf } from "./announcements.ts";
import { refused, type Command, type CommandResult, type ControlPorts, type Plan } from "./command.ts";

/** How often a command is worked out anew because others were faster. */
const MAX_ATTEMPTS = 5;

/** What a command is worked out from. */
export interface Ground {
  readonly configuration: Configuration;
  readonly now: Instant;
}

/** Works out what a command would write. Called again, on the new configuration, when the one it was given has changed. */
export type Planner<T> = (ground: Ground) => Plan<T> | Promise<Plan<T>>;

/**
 * Runs a command: checks the permission, loads, plans, commits everything in one step. A configuration that changed meanwhile
 * lets it start anew, a few times.
 *
 * @throws LottyError `revision_conflict` when others were faster every time; what the store throws
 */
export async function runCommand<T>(
  ports: ControlPorts,
  command: Command & { readonly permission: Permission },
  plan: Planner<T>,
): Promise<CommandResult<T>> {
  const { actor, environmentId, permission } = command;
  const refusal = mayDo(actor, permission);
  if (refusal !== undefined) return refused(refusal);
  for (let attempt = 1; ; attempt += 1) {
    const configuration = await ports.store.load(environmentId);
    const now = ports.clock.now();
    const planned = await plan({ configuration, now });
    if (planned.status === "refused") return planned;
    const audit = auditLinker(ports.ids)(planned.audit, { actor, at: now, environmentId });
    const announcements = announcementsOf(planned.announcements ?? [], { actor, at: now, ids: ports.ids });
    try {
      const change = { ...planned.change, announcements, audit };
      const revision = await ports.store.commit(environmentId, change, configuration.revision);
      return { status: "done", revision, result: planned.result };
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !isLottyError(error, "revision_conflict")) throw error;
    }
  }
}
