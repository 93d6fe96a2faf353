import { MICROS_PER_DAY, type Assignment, type Instant } from "@lotty/domain";
import type { CompiledExperiment } from "../compile-experiment.ts";
import type { Snapshot } from "../snapshot.ts";

/** How many active experiments a subject may be in at once. */
export const PARTICIPATION_LIMIT = 3;

/** How long a concluded experiment keeps its subjects out of others, counted from their last decision in it. */
export const COOLDOWN_DAYS = 7;

const COOLDOWN: Instant = COOLDOWN_DAYS * MICROS_PER_DAY;

/** What a subject's history means for entering one more experiment. */
export type Blocking = "concurrent" | "cooling" | "no";

/** Gate 4: fewer than three other active experiments, and no other concluded one within its cooldown. */
export function mayParticipate(
  compiled: CompiledExperiment,
  subject: SubjectState,
  experiments: Snapshot["experiments"],
): boolean {
  let concurrent = 0;
  for (const assignment of subject.history) {
    const blocking = blockingOf(compiled, assignment, { experiments, now: subject.now });
    if (blocking === "cooling") return false;
    if (blocking === "concurrent" && ++concurrent >= PARTICIPATION_LIMIT) return false;
  }
  return true;
}

/** What is known of a subject at the time of the decision. */
export interface SubjectState {
  readonly history: readonly Assignment[];
  readonly now: Instant;
}

/** How one assignment bears on entering an experiment. Assignments of unknown experiments do not count. */
export function blockingOf(
  compiled: CompiledExperiment,
  assignment: Assignment,
  at: { readonly experiments: Snapshot["experiments"]; readonly now: Instant },
): Blocking {
  if (assignment.experimentId === compiled.experiment.id) return "no";
  const other = at.experiments.get(assignment.experimentId);
  if (other === undefined) return "no";
  if (other.active) return "concurrent";
  return isCooling(other, assignment, at.now) ? "cooling" : "no";
}

/** Whether an assignment in an experiment keeps its subject out of all others because the experiment has ended. */
export function isCooling({ concluded }: CompiledExperiment, { lastDecidedAt }: Assignment, now: Instant): boolean {
  return concluded && now - lastDecidedAt <= COOLDOWN;
}

/** First instant at which a cooling assignment no longer blocks: exactly seven days still do. */
export function endOfCooldown(assignment: Assignment): Instant {
  return assignment.lastDecidedAt + COOLDOWN + 1;
}
