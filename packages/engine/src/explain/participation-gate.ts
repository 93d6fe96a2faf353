import { formatInstant, type Assignment } from "@lotty/domain";
import type { SubjectInContext } from "../assign.ts";
import type { CompiledExperiment } from "../compile-experiment.ts";
import {
  blockingOf,
  COOLDOWN_DAYS,
  endOfCooldown,
  mayParticipate,
  PARTICIPATION_LIMIT,
  type Blocking,
} from "../gates/participation.ts";
import type { Snapshot } from "../snapshot.ts";
import type { BlockingAssignment, GateTrace } from "./explanation.ts";

/** Gate 4. */
export function participationGate(
  compiled: CompiledExperiment,
  context: SubjectInContext,
  experiments: Snapshot["experiments"],
): GateTrace {
  const ofKind = (kind: Blocking): readonly BlockingAssignment[] =>
    context.history
      .filter((assignment) => blockingOf(compiled, assignment, { experiments, now: context.now }) === kind)
      .flatMap((assignment) => blockingAssignment(assignment, experiments, kind));
  const concurrent = ofKind("concurrent");
  const cooling = ofKind("cooling");
  const trace = {
    gate: "participation",
    limit: PARTICIPATION_LIMIT,
    cooldownDays: COOLDOWN_DAYS,
    concurrent,
    cooling,
  } as const;
  if (mayParticipate(compiled, context, experiments)) return { ...trace, verdict: "passed" };
  return { ...trace, verdict: "failed", change: changeFor(concurrent, cooling) };
}

function blockingAssignment(
  assignment: Assignment,
  experiments: Snapshot["experiments"],
  kind: Blocking,
): readonly BlockingAssignment[] {
  const other = experiments.get(assignment.experimentId)?.experiment;
  if (other === undefined) return [];
  const blocking = {
    experimentId: other.id,
    experimentKey: other.key,
    status: other.status,
    lastDecidedAt: assignment.lastDecidedAt,
  };
  return [kind === "cooling" ? { ...blocking, freeAt: endOfCooldown(assignment) } : blocking];
}

function changeFor(concurrent: readonly BlockingAssignment[], cooling: readonly BlockingAssignment[]): string {
  const parts: string[] = [];
  const excess = concurrent.length - PARTICIPATION_LIMIT + 1;
  if (excess > 0) {
    const keys = concurrent.map((each) => each.experimentKey).join(", ");
    parts.push(`${excess} of the experiments ${keys} would have to end and its cooldown to pass`);
  }
  const lastEnd = Math.max(...cooling.map((each) => each.freeAt ?? 0));
  if (cooling.length > 0)
    parts.push(`the cooldown of ${cooling.at(-1)?.experimentKey ?? ""} ends ${formatInstant(lastEnd)}`);
  return `${parts.join("; ")}.`.replace(/^./, (first) => first.toUpperCase());
}
