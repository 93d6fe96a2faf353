import type { Instant, Subject, SubjectHistory } from "@lotty/domain";
import { notEncodable } from "./bucket.ts";
import { applyFlagRules } from "./flag-rules.ts";
import { isAllocated } from "./gates/allocation.ts";
import { passesDomains } from "./gates/conflict-domains.ts";
import { mayParticipate } from "./gates/participation.ts";
import { drawVariant } from "./gates/variant.ts";
import type { CompiledExperiment } from "./compile-experiment.ts";
import type { Outcome } from "./outcome.ts";
import type { Candidate } from "./screen.ts";
import type { Snapshot } from "./snapshot.ts";

/** Who is decided for, with all that the later gates need to know. */
export interface SubjectInContext {
  readonly subject: Subject;
  readonly history: SubjectHistory;
  readonly now: Instant;
}

/**
 * Gates 4 to 8 for an experiment that wants the subject: participation, conflict domains, allocation, variants, variant.
 * In a sticky experiment an earlier assignment goes before all of them. Whom the experiment does not take, the rules of the
 * flag are asked for.
 *
 * @throws LottyError `subject_not_encodable`
 */
export function assign(snapshot: Snapshot, candidate: Candidate, context: SubjectInContext): Outcome {
  const { compiled } = candidate;
  const { subject, history } = context;
  const { flagRules, outcomes } = compiled;
  if (compiled.experiment.stickyAssignment) {
    const kept = keptOutcome(compiled, history);
    if (kept !== null) return kept;
  }
  if (candidate.unlessKept !== null) return applyFlagRules(flagRules, candidate.unlessKept, subject);
  if (!subject.id.isWellFormed()) throw notEncodable();
  if (!mayParticipate(compiled, context, snapshot.experiments)) {
    return applyFlagRules(flagRules, outcomes.participationLimit, subject);
  }
  if (!passesDomains(compiled, subject, history)) return applyFlagRules(flagRules, outcomes.domainConflict, subject);
  if (!isAllocated(compiled, subject.id)) return applyFlagRules(flagRules, outcomes.outsideAllocation, subject);
  const range = drawVariant(compiled, subject.id);
  return range === null ? applyFlagRules(flagRules, outcomes.noVariants, subject) : range.outcome;
}

/** The outcome of an earlier assignment, as long as its variant exists. */
export function keptOutcome(compiled: CompiledExperiment, history: SubjectHistory): Outcome | null {
  const assignment = history.find((each) => each.experimentId === compiled.experiment.id);
  if (assignment === undefined) return null;
  const range = compiled.layout.ranges.find((each) => each.variant.id === assignment.variantId);
  return range?.keptOutcome ?? null;
}
