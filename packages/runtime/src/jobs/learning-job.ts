import { MICROS_PER_DAY, systemActor, type Instant, type LearnedEffect, type Learning } from "@lotty/domain";
import { createLearningControl } from "@lotty/learnings";
import { ValueSchemas } from "@lotty/value-schemas";
import type { Runtime } from "../composition/runtime.ts";
import type { Job, JobYield } from "./job.ts";

/** What the job needs of a runtime. */
export type LearningParts = Pick<Runtime, "clock" | "config" | "ids" | "logger" | "storage">;

/** What is known now of an experiment's effects; nothing as long as there are no results. */
export type EffectSource = (experiment: {
  readonly environmentId: string;
  readonly experimentId: string;
}) => Promise<readonly LearnedEffect[]>;

/** How long after its completion an experiment's results are looked at: the longest windows are over by then. */
const MEASURED_DAYS = 60;

/** How long results are left alone that were written: they change while windows end, and each change is on record. */
const SETTLED_MICROS = MICROS_PER_DAY;

/** Writes into learnings what results say of their experiments, until all windows are over. */
export function learningEffectsJob(parts: LearningParts, effectsOf: EffectSource): Job {
  return {
    name: "learning_effects",
    everySeconds: 600,
    exclusive: true,
    run: (signal) => measureAll(parts, effectsOf, signal),
  };
}

async function measureAll(parts: LearningParts, effectsOf: EffectSource, signal: AbortSignal): Promise<JobYield> {
  const { clock, config, ids, logger, storage } = parts;
  const { control } = storage;
  const now = clock.now();
  const ports = { ...control, clock, ids, schemas: new ValueSchemas(), settings: config.control };
  const measuring = createLearningControl(ports);
  for (const { environmentId, learning } of await control.learnings.completedSince(
    now - MEASURED_DAYS * MICROS_PER_DAY,
  )) {
    if (signal.aborted) return "done";
    if (!isDue(learning, now)) continue;
    const effects = await effectsOf({ environmentId, experimentId: learning.experimentId });
    if (effects.length === 0) continue;
    const command = { environmentId, actor: systemActor("learning effects"), learningId: learning.id };
    const outcome = await measuring.measure({ ...command, effects });
    if (outcome.status === "done") logger.info("learning_measured", { experiment: learning.experimentKey });
  }
  return "done";
}

function isDue({ effects, updatedAt }: Learning, now: Instant): boolean {
  return effects.length === 0 || now - updatedAt >= SETTLED_MICROS;
}
