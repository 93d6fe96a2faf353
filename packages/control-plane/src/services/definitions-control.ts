import {
  type ChangePlan,
  type Definitions,
  type DefinitionsForm,
  type Difference,
  exportDefinitions,
  planChange,
  type Said,
} from "@lotty/definitions";
import { LottyError, type Configuration, type Experiment, type NotificationReads } from "@lotty/domain";
import { appliedDrafts } from "../definitions/applied-drafts.ts";
import { appliedSteps } from "../definitions/applied-steps.ts";
import { changedFlags } from "../definitions/changed-flags.ts";
import { elsewhereRefusals } from "../definitions/elsewhere-refusals.ts";
import { keptRefusals } from "../definitions/kept-refusals.ts";
import { schemaRefusals } from "../definitions/schema-refusals.ts";
import { mayDo } from "../people/permission.ts";
import type { Refusal } from "../refusal.ts";
import { boundElsewhere } from "./bound-elsewhere.ts";
import { refused, type Answer, type Command, type CommandResult, type ControlPorts } from "./command.ts";
import { Elsewhere } from "./elsewhere.ts";
import { runCommand, type Ground } from "./run-command.ts";

/** What applying files needs from outside. */
export interface DefinitionsPorts extends ControlPorts {
  /** Everyone, for files name people. */
  readonly people: () => Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** Who is told what; files name webhooks. */
  readonly notifications: NotificationReads;
}

/** A file to be applied. */
export interface DefinitionsCommand extends Command {
  readonly definitions: Definitions;
  /** Whether what the file does not state is removed. */
  readonly prune: boolean;
}

/** What a file would change, or has changed. */
export interface DefinitionsChange {
  readonly differences: readonly Difference[];
  /** Whether there is nothing to write. */
  readonly empty: boolean;
  /** The revision that it was worked out from. */
  readonly revision: number;
}

/** A file, and the revision that it tells of. */
export interface ExportedDefinitions {
  readonly text: string;
  readonly revision: number;
}

/**
 * Makes an environment what a file says, and prints the file that says what it is. Applying is for admins: it passes by lifecycle and
 * reviews, and is on record. What it changes of flags everywhere has to fit what other environments do with them. Methods throw what the store throws, and LottyError `invalid_definition` when a file does not go together
 * with what is stored.
 */
export interface DefinitionsControl {
  /** What applying would change. */
  plan(question: DefinitionsCommand): Promise<Answer<DefinitionsChange>>;
  /**
   * Writes it in one commit, with an entry on record for each thing.
   *
   * @throws LottyError `revision_conflict` when something was committed since `expectedRevision`
   */
  apply(
    command: DefinitionsCommand & { readonly expectedRevision?: number },
  ): Promise<CommandResult<DefinitionsChange>>;
  export(question: Command & { readonly form: DefinitionsForm }): Promise<Answer<ExportedDefinitions>>;
}

/** Makes the control of definitions. */
export function createDefinitionsControl(ports: DefinitionsPorts): DefinitionsControl {
  return {
    plan: async (question) => {
      const refusal = mayDo(question.actor, "definitions.apply");
      if (refusal !== undefined) return refused(refusal);
      const configuration = await ports.store.load(question.environmentId);
      const { plan, refusals } = await planned(ports, question, { configuration, now: ports.clock.now() });
      return refusals.length > 0 ? refused(...refusals) : { status: "done", result: changeOf(plan, configuration) };
    },
    apply: (command) => apply(ports, command),
    export: async ({ actor, environmentId, form }) => {
      const refusal = mayDo(actor, "definitions.apply");
      if (refusal !== undefined) return refused(refusal);
      const configuration = await ports.store.load(environmentId);
      const text = exportDefinitions(configuration, form, await saidIn(ports, environmentId));
      return { status: "done", result: { text, revision: configuration.revision } };
    },
  };
}

async function apply(
  ports: DefinitionsPorts,
  command: DefinitionsCommand & { readonly expectedRevision?: number },
): Promise<CommandResult<DefinitionsChange>> {
  return runCommand(ports, { ...command, permission: "definitions.apply" }, async (ground) => {
    const { configuration } = ground;
    const { expectedRevision = configuration.revision } = command;
    if (configuration.revision !== expectedRevision) {
      throw new LottyError("revision_conflict", "Somebody has changed the configuration meanwhile", {
        details: { expectedRevision, revision: configuration.revision },
      });
    }
    const { alsoFrom, plan, refusals, said } = await planned(ports, command, ground);
    if (refusals.length > 0) return refused(...refusals);
    if (plan.empty) return refused({ code: "nothing_changed", message: "Everything is so already." });
    return {
      status: "planned",
      change: { configuration: plan.change, ...plan.said, alsoFrom },
      audit: appliedDrafts(plan, configuration, said),
      announcements: appliedSteps(plan, configuration, said),
      result: changeOf(plan, configuration),
    };
  });
}

/** A change that is worked out, with all that speaks against it. */
interface PlannedDefinitions {
  readonly plan: ChangePlan;
  readonly said: Said;
  readonly refusals: readonly Refusal[];
  /** Revisions of other environments that the refusals, or that there are none, rest on. */
  readonly alsoFrom: ReadonlyMap<string, number>;
}

async function planned(
  ports: DefinitionsPorts,
  command: DefinitionsCommand,
  { configuration, now }: Ground,
): Promise<PlannedDefinitions> {
  const { actor, definitions, environmentId, prune } = command;
  const said = await saidIn(ports, environmentId);
  const newId = (): string => ports.ids.next(now);
  const plan = planChange(definitions, configuration, { now, newId, prune, said, author: actor.id });
  const bound = boundElsewhere({
    command,
    permission: "definitions.apply",
    change: { configuration: plan.change, ...plan.said },
    before: configuration.flags,
  });
  if (bound !== undefined) return { plan, said, refusals: [bound], alsoFrom: new Map() };
  const ofFile = schemaRefusals(definitions, ports.schemas);
  if (ofFile.length > 0) return { plan, said, refusals: ofFile, alsoFrom: new Map() };
  const elsewhere = new Elsewhere(ports, environmentId);
  const changed = changedFlags(plan, configuration, said);
  const refusals = [
    ...keptRefusals(changed, { ...configuration, experiments: keptExperiments(command, configuration) }, ports.schemas),
    ...(await elsewhereRefusals(changed, elsewhere, ports.schemas)),
  ];
  return { plan, said, refusals, alsoFrom: elsewhere.revisions };
}

/** Experiments that a file does not state and that stay all the same. */
function keptExperiments(
  { definitions, prune }: DefinitionsCommand,
  { experiments }: Configuration,
): readonly Experiment[] {
  if (prune) return [];
  const stated = new Set(definitions.experiments.map(({ key }) => key));
  return experiments.filter(({ key }) => !stated.has(key));
}

async function saidIn(ports: DefinitionsPorts, environmentId: string): Promise<Said> {
  const { store } = ports;
  const [flags, experiments, approverGroups, everyone, measures, notifications] = await Promise.all([
    store.allFlagDetails(),
    store.allExperimentDetails(environmentId),
    store.approverGroups(environmentId),
    ports.people(),
    measuresIn(ports, environmentId),
    notificationsIn(ports, environmentId),
  ]);
  const people = new Map(everyone.map(({ id, name }) => [id, name]));
  return { flags, experiments, approverGroups, people, measures, notifications };
}

async function measuresIn(ports: DefinitionsPorts, environmentId: string): Promise<Said["measures"]> {
  const [eventTypes, metrics, plans, guardrails, ramps] = await Promise.all([
    ports.store.eventTypes(environmentId),
    ports.metrics.list(environmentId),
    ports.plans.list(environmentId),
    ports.guardrails.list(environmentId),
    ports.guardrails.ramps(environmentId),
  ]);
  return { eventTypes, metrics, plans, guardrails, ramps };
}

async function notificationsIn(
  { notifications }: DefinitionsPorts,
  environmentId: string,
): Promise<Said["notifications"]> {
  const [webhooks, rules] = await Promise.all([
    notifications.webhooks(environmentId),
    notifications.notificationRules(environmentId),
  ]);
  return { webhooks, rules };
}

function changeOf({ empty, summary }: ChangePlan, { revision }: Configuration): DefinitionsChange {
  return { differences: summary, empty, revision };
}
