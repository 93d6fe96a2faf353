import type { DeadLetters, DecisionQueue, DecisionRecord, DecisionStream, StreamEntry } from "@lotty/domain";

/** A decision stream to be tested, empty. */
export interface OpenedDecisionStream {
  readonly queue: DecisionQueue;
  readonly deadLetters: DeadLetters;
  /** A new member of the group. */
  join(): DecisionStream;
  /** Appends an entry that is no decision. */
  appendMalformed(payload: string): Promise<void>;
  /** Lets time pass for what is held: a manual clock moves, a server is waited for. */
  elapse(millis: number): Promise<void>;
  close(): Promise<void>;
}

/** A decision that differs from others by its index. */
export function sampleDecision(index: number): DecisionRecord {
  return {
    decisionId: `01900000-0000-7000-8000-${index.toString(16).padStart(12, "0")}`,
    environmentId: "00000000-0000-7000-8000-000000000001",
    flagKey: "flag",
    subjectId: `subject-${index}`,
    experimentId: null,
    variantId: null,
    value: "false",
    reason: "no_active_experiment",
    ruleId: null,
    flagVersion: 1,
    experimentVersion: null,
    attributesDigest: null,
    hashVersion: 1,
    decidedAt: 1_790_000_000_000_000 + index,
  };
}

/** So many of them, in order. */
export function sampleDecisions(count: number, from = 0): readonly DecisionRecord[] {
  return Array.from({ length: count }, (_, index) => sampleDecision(from + index));
}

/** Queues so many of them in a call each. */
export async function enqueueEach(queue: DecisionQueue, count: number, from = 0): Promise<void> {
  for (const decision of sampleDecisions(count, from)) await queue.enqueue([decision]);
}

/** The ids of entries. */
export function idsOf(entries: readonly StreamEntry[]): readonly string[] {
  return entries.map(({ id }) => id);
}

/** The subject of an entry, or what it holds in place of a decision. */
export function subjectOf({ item }: Pick<StreamEntry, "item">): string {
  return "malformed" in item ? item.malformed : item.subjectId;
}

/** Reads all that is there, without waiting. */
export async function readAll(member: DecisionStream): Promise<readonly StreamEntry[]> {
  return member.read(1_000, 0);
}
