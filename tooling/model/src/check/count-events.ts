import type { EventBatch, ModelEvent } from "../world/random-events.ts";
import type { Finding } from "./evidence.ts";

/** What became of one event, by the answer. */
export interface EventResult {
  readonly status: string;
  readonly conflict: boolean;
}

/** A batch that was sent, and what came of it. Times in milliseconds since the epoch. */
export interface EventAttempt {
  readonly batch: EventBatch;
  readonly process: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** `null` when the answer was lost, or promises nothing: then each may have been kept or not. */
  readonly results: readonly EventResult[] | null;
  readonly durability: string | null;
}

/** A row of the table of events of one environment. */
export type EventRow = ModelEvent;

/** Sums of a run. */
export interface EventCounts {
  readonly sent: number;
  readonly accepted: number;
  readonly duplicates: number;
  /** Duplicates of nothing but themselves: the stream or the database had taken them, though it seemed not to. */
  readonly ownDuplicates: number;
  readonly rows: number;
}

interface Sending {
  readonly event: ModelEvent;
  readonly attempt: EventAttempt;
  readonly result: EventResult | null;
}

/**
 * Whether a process may have given an attempt's events twice to where they are kept, because it never heard of the first time: to a stream, or to a database whose
 * connections broke.
 */
export type MayRepeat = (attempt: EventAttempt) => boolean;

/**
 * Compares what was said of events of one environment with what is in the table: every accepted one is there as it was sent, none is taken
 * for new twice, none is called a duplicate that nobody had sent, and nothing is there that nobody sent.
 */
export class EventCounter {
  readonly #sendings = new Map<string, Sending[]>();
  readonly #mayRepeat: MayRepeat;
  readonly #counts = { sent: 0, accepted: 0, duplicates: 0, ownDuplicates: 0, rows: 0 };

  constructor(mayRepeat: MayRepeat) {
    this.#mayRepeat = mayRepeat;
  }

  add(attempts: readonly EventAttempt[]): readonly Finding[] {
    const findings: Finding[] = [];
    for (const attempt of attempts) {
      for (const [index, event] of attempt.batch.events.entries()) {
        const result = attempt.results?.[index] ?? null;
        this.#counts.sent += 1;
        if (result?.status === "accepted") this.#counts.accepted += 1;
        else if (result?.status === "duplicate") this.#counts.duplicates += 1;
        else if (result !== null) findings.push(found("wrong answer to an event", { attempt, event, result }));
        const sendings = this.#sendings.get(event.id) ?? [];
        sendings.push({ event, attempt, result });
        this.#sendings.set(event.id, sendings);
      }
    }
    return findings;
  }

  /** Judges everything that was sent, when nothing is on its way any more. */
  finish(rows: readonly EventRow[]): readonly Finding[] {
    this.#counts.rows = rows.length;
    const stored = Map.groupBy(rows, ({ id }) => id);
    const verdicts = [...this.#sendings].map(([id, sendings]) =>
      judge(sendings, stored.get(id) ?? [], this.#mayRepeat),
    );
    this.#counts.ownDuplicates = verdicts.filter(({ isOwnDuplicate }) => isOwnDuplicate).length;
    const strangers = rows.filter(({ id }) => !this.#sendings.has(id));
    return [
      ...strangers.map((row): Finding => {
        return { kind: "event that nobody sent", at: 0, lines: [JSON.stringify(row)] };
      }),
      ...verdicts.flatMap(({ findings }) => findings),
    ];
  }

  get counts(): EventCounts {
    return this.#counts;
  }
}

interface Verdict {
  readonly findings: readonly Finding[];
  readonly isOwnDuplicate: boolean;
}

function judge(sendings: readonly Sending[], rows: readonly EventRow[], mayRepeat: MayRepeat): Verdict {
  const answered = sendings.filter(({ result }) => result !== null);
  const [first] = answered;
  const row = rows[0];
  // Whoever was told that it is there, as new or as a duplicate, was told that it is kept.
  if (row === undefined) {
    return { findings: first === undefined ? [] : [found("missing event", first)], isOwnDuplicate: false };
  }
  const findings: Finding[] = rows.length > 1 ? [doubled(rows)] : [];
  const kept = sendings.filter(({ event }) => isSame(event, row));
  const [sent] = sendings;
  if (kept.length === 0 && sent !== undefined) findings.push(found("wrong event", sent, row));
  // A stream takes what it is given; what is a duplicate there, the worker finds out.
  const judged = answered.filter(({ attempt }) => attempt.durability === "committed");
  const accepted = judged.filter(({ result }) => result?.status === "accepted");
  const [, twice] = accepted;
  if (twice !== undefined) findings.push(found("duplicate event", twice, row));
  const ofItself = judged
    .filter(({ result }) => result?.status === "duplicate")
    .filter((sending) => !hasEarlier(sending, sendings));
  for (const sending of judged) {
    const { result } = sending;
    const differs = !isSame(sending.event, row);
    const isKept = mayRepeat(sending.attempt) && !differs;
    const isRight =
      result?.status === "accepted"
        ? !differs
        : result?.conflict === differs && (isKept || !ofItself.includes(sending));
    if (!isRight) findings.push(found("wrong answer to an event", sending, row));
  }
  return { findings, isOwnDuplicate: ofItself.length > 0 };
}

/** Whether somebody may have sent the event before: another request that had begun, or the same one a second time. */
function hasEarlier(sending: Sending, sendings: readonly Sending[]): boolean {
  return sendings.some((other) => other !== sending && other.attempt.startedAt <= sending.attempt.endedAt);
}

function isSame(event: ModelEvent, row: EventRow): boolean {
  return event.subject === row.subject && event.value === row.value && event.at === row.at;
}

function doubled(rows: readonly EventRow[]): Finding {
  return { kind: "duplicate event", at: 0, lines: rows.map((row) => JSON.stringify(row)) };
}

function found(kind: Finding["kind"], { attempt, event, result }: Sending, row?: EventRow): Finding {
  const { batch, durability, endedAt, process } = attempt;
  const lines = [
    `sent ${JSON.stringify(event)} to ${process} in ${batch.environment}, answered ${JSON.stringify(result)}, ${durability ?? "nothing"}`,
    `the table has ${JSON.stringify(row ?? null)}`,
  ];
  return { kind, at: endedAt, lines };
}
