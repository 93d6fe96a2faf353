import { isRefused } from "./check-refusals.ts";
import type { Attempt, DecisionRow, Finding, GivenDecision } from "./evidence.ts";

/** An acknowledged decision that has no row yet, and may still get one because it was queued. */
interface AwaitedRow {
  readonly attempt: Attempt;
  readonly given: GivenDecision;
}

/** Sums of a run. */
export interface DecisionCounts {
  readonly byWord: Readonly<Record<string, number>>;
  readonly rows: number;
  readonly unanswered: number;
}

/**
 * Compares what was acknowledged with what is in the table, over all rounds: nothing missing, nothing twice, every row as it was
 * answered, and no more rows that nobody was told of than requests whose answer was lost.
 */
export class DecisionCounter {
  readonly #promised = new Map<string, AwaitedRow>();
  readonly #kept = new Set<string>();
  readonly #unanswered = new Map<string, number>();
  readonly #lost = new Map<string, number>();
  readonly #byWord = new Map<string, number>();
  #unansweredRows = 0;

  /** Answers and failures of a round, before its rows. */
  addAttempts(attempts: readonly Attempt[]): readonly Finding[] {
    const findings: Finding[] = [];
    for (const attempt of attempts) {
      // What was refused was not decided: a row of it is one that nobody asked for.
      if (attempt.decisions === null && !attempt.question.peek && !isRefused(attempt)) {
        for (const flag of attempt.question.flags) increase(this.#lost, keyOf(attempt.question.subject, flag));
      }
      for (const given of attempt.decisions ?? []) {
        increase(this.#byWord, given.durability);
        if (given.durability === "none") continue;
        if (this.#promised.has(given.id) || this.#kept.has(given.id)) {
          findings.push({ kind: "duplicate decision", at: attempt.endedAt, lines: [`${given.id} was answered twice`] });
        }
        this.#promised.set(given.id, { attempt, given });
      }
    }
    return findings;
  }

  /** Rows that are new. Gives those that nobody was told of. */
  addRows(rows: readonly DecisionRow[]): {
    readonly findings: readonly Finding[];
    readonly unanswered: readonly DecisionRow[];
  } {
    const findings: Finding[] = [];
    const unanswered: DecisionRow[] = [];
    for (const row of rows) {
      if (this.#kept.has(row.id)) {
        findings.push({ kind: "duplicate decision", at: row.decidedAt, lines: [`${row.id} has two rows`] });
        continue;
      }
      this.#kept.add(row.id);
      const promise = this.#promised.get(row.id);
      this.#promised.delete(row.id);
      if (promise === undefined) {
        unanswered.push(row);
        this.#unansweredRows += 1;
        const key = keyOf(row.subject, row.flag);
        increase(this.#unanswered, key);
        if ((this.#unanswered.get(key) ?? 0) > (this.#lost.get(key) ?? 0)) findings.push(nobodyAsked(row));
      } else if (!isOf(row, promise)) findings.push(wrongRow(row, promise));
    }
    return { findings, unanswered };
  }

  /** Whether a row is known already. */
  knows(id: string): boolean {
    return this.#kept.has(id);
  }

  /** Ids that were acknowledged and have no row. */
  waiting(): readonly string[] {
    return [...this.#promised.keys()];
  }

  /**
   * Takes what has no row for missing: what should be in the table by now.
   *
   * @param isFinal whether the stream has drained, so that queued decisions have to be there as well
   */
  findMissing(isFinal: boolean): readonly Finding[] {
    const findings: Finding[] = [];
    for (const [id, { attempt, given }] of this.#promised) {
      if (given.durability === "queued" && !isFinal) continue;
      this.#promised.delete(id);
      findings.push({
        kind: "missing decision",
        at: attempt.endedAt,
        lines: [
          `${id} was ${given.durability} by ${attempt.process}, turn ${String(attempt.turn)}, and is not in the table`,
          `${given.flag} for ${attempt.question.subject}: ${given.reason}`,
        ],
      });
    }
    return findings;
  }

  get counts(): DecisionCounts {
    return { byWord: Object.fromEntries(this.#byWord), rows: this.#kept.size, unanswered: this.#unansweredRows };
  }
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function keyOf(subject: string, flag: string): string {
  return `${subject} ${flag}`;
}

function isOf(row: DecisionRow, { attempt, given }: AwaitedRow): boolean {
  return (
    row.subject === attempt.question.subject &&
    row.flag === given.flag &&
    row.reason === given.reason &&
    row.experimentId === given.experimentId &&
    row.variantId === given.variantId &&
    row.ruleId === given.ruleId
  );
}

function wrongRow(row: DecisionRow, { attempt, given }: AwaitedRow): Finding {
  const lines = [`answered ${JSON.stringify(given)} to ${attempt.question.subject}`, `stored ${JSON.stringify(row)}`];
  return { kind: "wrong row", at: row.decidedAt, lines };
}

function nobodyAsked(row: DecisionRow): Finding {
  return {
    kind: "row without a request",
    at: row.decidedAt,
    lines: [`${JSON.stringify(row)}: more such rows than requests whose answer was lost`],
  };
}
