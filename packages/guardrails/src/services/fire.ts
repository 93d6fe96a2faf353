import {
  experimentNotFound,
  pauseStep,
  planExperimentStep,
  refused,
  rollbackStep,
  runCommand,
  situationOf,
  type ExperimentSituation,
  type Ground,
  type Plan,
} from "@lotty/control-plane";
import {
  systemActor,
  type FiringStep,
  type GuardrailAction,
  type GuardrailFiring,
  type GuardrailReading,
  type RecordedFiring,
} from "@lotty/domain";
import type { GuardrailPorts } from "./guardrail-ports.ts";

/** Who acts when a guardrail fires, as it is on record. */
const ACTOR = systemActor("guardrails");

/** A firing that is to act, and of what. */
export interface FiringToAct {
  readonly environmentId: string;
  readonly firing: GuardrailFiring;
  /** Key of its metric. */
  readonly metricKey: string;
  /** The guardrail's latest firing as it was known when this one was worked out; another one by now refuses this one. */
  readonly last: RecordedFiring | undefined;
  /** Whether the firing is on record already, so that only its action is missing. */
  readonly isRecorded: boolean;
}

/** What came of acting. `outdated`: somebody else has recorded a firing of the guardrail, or acted on this one. */
export type FiringOutcome = "acted" | "failed" | "outdated";

/**
 * Carries out what a firing asks for: the record of the firing, the pause or the rollback with its entry in the chain, and what people
 * are told, in one commit. What the control plane refuses is put on record, too, and tried again at the next look.
 *
 * @throws LottyError what the store throws; then nothing was written
 */
export async function fire(ports: GuardrailPorts, toAct: FiringToAct): Promise<FiringOutcome> {
  const { environmentId } = toAct;
  const command = { actor: ACTOR, environmentId, permission: "experiment.pause" } as const;
  const acted = await runCommand(ports, command, async (ground) =>
    (await isOutdated(ports, toAct)) ? refused() : planAction(ports, toAct, ground),
  );
  if (acted.status === "done") return "acted";
  if (acted.refusals.length === 0) return "outdated";
  const why = acted.refusals.map(({ message }) => message).join(" ");
  // Said once: a refusal that stays the same is not repeated at every look.
  if (toAct.isRecorded && toAct.last?.steps.at(-1)?.said === why) return "failed";
  const noted = await runCommand(ports, command, async (ground) => {
    if (await isOutdated(ports, toAct)) return refused();
    return planRecord(ports, toAct, { ground, kind: "failed", said: why });
  });
  return noted.status === "done" ? "failed" : "outdated";
}

async function isOutdated(
  { guardrails }: GuardrailPorts,
  { environmentId, firing, last }: FiringToAct,
): Promise<boolean> {
  const now = await guardrails.lastFiring(environmentId, firing.guardrail.id);
  return now?.firing.id !== last?.firing.id || (now !== undefined && isSettled(now) && !(last && isSettled(last)));
}

/** Whether nothing is left to be done about a firing. */
export function isSettled({ steps }: RecordedFiring): boolean {
  return steps.some(({ kind }) => kind !== "failed");
}

/** Whether a firing has done what it was for, so that later subjects are judged anew. */
export function hasActed({ steps }: RecordedFiring): boolean {
  return steps.some(({ kind }) => kind === "acted");
}

async function planAction(ports: GuardrailPorts, toAct: FiringToAct, ground: Ground): Promise<Plan<null>> {
  const { environmentId, firing } = toAct;
  const about = { environmentId, experimentId: firing.experimentId };
  const situation = await situationOf(ports, about, ground);
  if (situation === undefined) return refused(experimentNotFound(firing.experimentId));
  const action = possibleAction(firing.guardrail.rule.action, situation);
  const said = saidOf(action, situation);
  const record = await planRecord(ports, toAct, { ground, kind: "acted", said });
  if (record.status === "refused" || !needsStep(action, situation)) return record;
  const step = action === "rollback" ? rollbackStep(reasonOf(toAct)) : pauseStep();
  const stopped = await planExperimentStep(ports, about, { ground, step });
  if (stopped.status === "refused") return stopped;
  return {
    ...record,
    change: { ...stopped.change, ...record.change },
    audit: [...stopped.audit, ...record.audit],
    announcements: [...(record.announcements ?? []), ...(stopped.announcements ?? [])],
  };
}

/** Without a control there is nothing to roll back to; stopping is what is left. */
function possibleAction(action: GuardrailAction, { experiment }: ExperimentSituation): GuardrailAction {
  return action === "rollback" && !experiment.variants.some(({ isControl }) => isControl) ? "pause" : action;
}

function needsStep(action: GuardrailAction, { experiment }: ExperimentSituation): boolean {
  if (action === "notify") return false;
  const isStopped = experiment.status === "paused" && (action === "pause" || experiment.rolledBack === true);
  return !isStopped;
}

function saidOf(action: GuardrailAction, situation: ExperimentSituation): string {
  if (action === "notify") return "People were told.";
  if (!needsStep(action, situation)) return "The experiment was stopped already.";
  return action === "rollback" ? "The experiment was rolled back to its control." : "The experiment was paused.";
}

/** What a firing leaves on record, whatever came of its action. */
async function planRecord(
  ports: GuardrailPorts,
  toAct: FiringToAct,
  step: { readonly ground: Ground; readonly kind: FiringStep["kind"]; readonly said: string },
): Promise<Plan<null>> {
  const { environmentId, firing, isRecorded, metricKey } = toAct;
  const { ground, kind, said } = step;
  const situation = await situationOf(ports, { environmentId, experimentId: firing.experimentId }, ground);
  if (situation === undefined) return refused(experimentNotFound(firing.experimentId));
  const { experiment, flagDetails } = situation;
  const { now } = ground;
  const added: FiringStep = {
    id: ports.ids.next(now),
    firingId: firing.id,
    at: now,
    kind,
    actorName: ACTOR.name,
    said,
  };
  const worst = worstReading(firing);
  const facts = {
    firing_id: firing.id,
    guardrail_id: firing.guardrail.id,
    metric: metricKey,
    action: firing.guardrail.rule.action,
    done: kind === "acted",
    said,
    variant: experiment.variants.find(({ id }) => id === worst?.variantId)?.name ?? null,
    subjects: worst?.subjects ?? null,
    control_subjects: worst?.controlSubjects ?? null,
    mean: worst?.mean ?? null,
    control_mean: worst?.controlMean ?? null,
    high: worst?.high ?? null,
  };
  return {
    status: "planned",
    change: { guardrails: { ...(!isRecorded && { addFirings: [firing] }), addSteps: [added] } },
    audit: [
      {
        action: kind === "acted" ? "guardrail.fire" : "guardrail.fail_to_act",
        entity: { kind: "guardrail", id: firing.guardrail.id, key: metricKey },
        before: null,
        after: { firing, step: added },
      },
    ],
    announcements: [
      {
        kind: "guardrail.fired",
        experiment: { id: experiment.id, key: experiment.key },
        tags: flagDetails?.tags ?? [],
        summary: `${experiment.key}: the guardrail on ${metricKey} fired. ${said}`,
        facts,
      },
    ],
    result: null,
  };
}

function reasonOf({ firing, metricKey }: FiringToAct): string {
  return `The guardrail on ${metricKey} fired (${firing.id}).`;
}

/** The reading that is farthest beyond the margin, as far as it is sure. */
function worstReading({ evaluation }: GuardrailFiring): GuardrailReading | undefined {
  return evaluation.readings
    .filter(({ state }) => state === "firing")
    .toSorted((a, b) => (a.high ?? 0) - (b.high ?? 0))[0];
}
