import type { Configuration, Experiment, Instant, RecordedSubject } from "@lotty/domain";
import { parseRule } from "@lotty/dsl";
import { compileSnapshot, decide } from "@lotty/engine";

/** Whose subjects are counted. */
export interface MatchingQuestion {
  readonly configuration: Configuration;
  readonly experiment: Experiment;
  readonly flagKey: string;
  readonly subjects: AsyncIterable<RecordedSubject>;
  readonly now: Instant;
}

/**
 * How many of the recorded subjects would get a variant if the experiment ran now: those that its rule, limits, domains and share of the
 * traffic let in.
 */
export async function countMatching(question: MatchingQuestion): Promise<number> {
  const { configuration, experiment, flagKey, now } = question;
  const others = configuration.experiments.filter(({ id }) => id !== experiment.id);
  const running = { ...configuration, experiments: [...others, { ...experiment, status: "running" as const }] };
  const snapshot = compileSnapshot(running, { parseRule });
  let count = 0;
  for await (const { history, subject } of question.subjects) {
    const { variant } = decide(snapshot, flagKey, { subject, history, now });
    if (variant !== undefined && variant !== null) count += 1;
  }
  return count;
}
