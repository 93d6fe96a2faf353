import type {
  Experiment,
  ExperimentMoments,
  Guardrail,
  GuardrailEvaluation,
  GuardrailFiring,
  Instant,
  RecordedFiring,
} from "@lotty/domain";
import { evaluateGuardrail } from "../evaluation/evaluate-guardrail.ts";
import { fire, hasActed, isSettled, type FiringOutcome } from "./fire.ts";
import type { GuardrailPorts } from "./guardrail-ports.ts";

/** What watching needs besides. */
export interface WatchPorts extends GuardrailPorts {
  readonly moments: ExperimentMoments;
}

/** What came of looking at a guardrail. */
export interface GuardrailLook {
  readonly guardrailId: string;
  /** `undefined` when it was not evaluated: an earlier firing still has to act, or its metric is gone. */
  readonly evaluation: GuardrailEvaluation | undefined;
  /** What came of its firing; `undefined` when it did not fire. */
  readonly firing: FiringOutcome | undefined;
}

/**
 * Evaluates the guardrails of a running experiment, keeps what they saw, and acts where one fires or where an earlier firing has not
 * acted yet. One caller at a time; where there are two all the same, a firing still acts once.
 *
 * @throws LottyError what the stores throw
 */
export async function watchExperiment(
  ports: WatchPorts,
  environmentId: string,
  experiment: Experiment,
): Promise<readonly GuardrailLook[]> {
  const { guardrails } = ports;
  const [all, seen] = await Promise.all([
    guardrails.list(environmentId, experiment.id),
    guardrails.evaluations(environmentId, experiment.id),
  ]);
  const before = new Map(seen.map((each) => [each.guardrailId, each]));
  const looks: GuardrailLook[] = [];
  for (const guardrail of all) {
    looks.push(await look(ports, { environmentId, experiment, guardrail, before: before.get(guardrail.id) }));
  }
  return looks;
}

interface LookQuestion {
  readonly environmentId: string;
  readonly experiment: Experiment;
  readonly guardrail: Guardrail;
  readonly before: GuardrailEvaluation | undefined;
}

async function look(
  ports: WatchPorts,
  { before, environmentId, experiment, guardrail }: LookQuestion,
): Promise<GuardrailLook> {
  const { guardrails, metrics } = ports;
  const [last, metric] = await Promise.all([
    guardrails.lastFiring(environmentId, guardrail.id),
    metrics.find(environmentId, guardrail.metricId, guardrail.metricVersion),
  ]);
  const guardrailId = guardrail.id;
  if (metric === undefined) return { guardrailId, evaluation: undefined, firing: undefined };
  const metricKey = metric.key;
  if (last !== undefined && !isSettled(last)) {
    const firing = await fire(ports, { environmentId, firing: last.firing, metricKey, last, isRecorded: true });
    return { guardrailId, evaluation: undefined, firing };
  }
  const from = armedSince(guardrail, last);
  const { population } = guardrail.rule;
  const question = { environmentId, experimentId: experiment.id, metric, population, from, to: null } as const;
  const { arms, watermark } = await ports.moments.moments({ ...question, completeOnly: true, by: "nothing" });
  const now = ports.clock.now();
  const { variants } = experiment;
  const evaluation = evaluateGuardrail({ guardrail, metric, variants, arms, watermark, from, now, before });
  await guardrails.keepEvaluations(environmentId, [evaluation]);
  if (evaluation.state !== "firing") return { guardrailId, evaluation, firing: undefined };
  const firing: GuardrailFiring = {
    id: ports.ids.next(now),
    experimentId: experiment.id,
    at: now,
    guardrail,
    evaluation,
  };
  const outcome = await fire(ports, { environmentId, firing, metricKey, last, isRecorded: false });
  return { guardrailId, evaluation, firing: outcome };
}

/** From when on subjects count: since it last fired or was last undone. What it has acted on is not held against the experiment twice. */
function armedSince({ armedAt }: Guardrail, last: RecordedFiring | undefined): Instant | null {
  const fired = last !== undefined && hasActed(last) ? last.firing.at : null;
  return armedAt === null && fired === null ? null : Math.max(armedAt ?? 0, fired ?? 0);
}
