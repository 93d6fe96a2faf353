import { drawn, experimentById, keptVariant } from "../oracle/decide.ts";
import type { ConfigurationHistory } from "../world/configuration-history.ts";
import type { Troubles } from "../world/troubles.ts";
import { checkAssignments } from "./check-assignments.ts";
import { checkRefusal, takenAfterRevoking } from "./check-refusals.ts";
import { checkEntries, configurationsOf, type EntryOptions } from "./check-entries.ts";
import { DecisionCounter, type DecisionCounts } from "./count-decisions.ts";
import { RECORDED_WORDS, type AssignmentRow, type Attempt, type DecisionRow, type Finding } from "./evidence.ts";
import { describeCandidates, explainAnswer, type Explanation, type ExplainingOptions } from "./explain-answer.ts";
import { OutcomeMemory } from "./outcome-memory.ts";
import { SubjectLedger, type Evidence } from "./subject-ledger.ts";

/** What a checker has to know of the run. */
export interface CheckerOptions {
  readonly configurations: ConfigurationHistory;
  readonly troubles: Troubles;
  /** How soon every process has to know of a change, in milliseconds. */
  readonly promisedMillis: number;
  /** Names of the processes that decide. */
  readonly processes: readonly string[];
  readonly historyTtlMillis: number;
  readonly outcomeTtlMillis: number;
  /** What subjects did before the run. */
  readonly past: readonly AssignmentRow[];
  /** Where to count; checkers of several environments may count together. */
  readonly counts: CheckCounts;
}

/** Everything of one round, after all that is on its way to the table, except what is queued, has arrived. */
export interface Round {
  readonly attempts: readonly Attempt[];
  /** Rows that are new since the last round. */
  readonly rows: readonly DecisionRow[];
  /** The assignments of some subjects, at least of those of the round. */
  readonly assignments: readonly AssignmentRow[];
  readonly endedAt: number;
  /** Whether the stream has drained as well. */
  readonly isFinal: boolean;
}

/** How the answers of a run were explained, and what else was counted. */
export interface CheckCounts {
  answers: number;
  decisions: number;
  current: number;
  prompt: number;
  outage: number;
  olderHistory: number;
  degraded: number;
  /** Of the degraded ones, those that no outage accounts for. They promise less than they could, which is not wrong. */
  degradedInPeace: number;
  keptOutcome: number;
  entries: number;
  degradedLimit: number;
  degradedDomain: number;
  /** How long a key was taken at most after it was revoked, without an outage; in milliseconds. */
  keyTakenMillis: number;
}

/** Where nothing was counted yet. */
export function noChecks(): CheckCounts {
  return {
    answers: 0,
    decisions: 0,
    current: 0,
    prompt: 0,
    outage: 0,
    olderHistory: 0,
    degraded: 0,
    degradedInPeace: 0,
    keptOutcome: 0,
    entries: 0,
    degradedLimit: 0,
    degradedDomain: 0,
    keyTakenMillis: 0,
  };
}

/** Checks what happened in one environment, round by round. */
export class Checker {
  readonly counts: CheckCounts;
  readonly #counter = new DecisionCounter();
  readonly #ledger: SubjectLedger;
  readonly #outcomes: OutcomeMemory;
  readonly #options: CheckerOptions;

  constructor(options: CheckerOptions) {
    this.#options = options;
    this.counts = options.counts;
    this.#ledger = new SubjectLedger(options.historyTtlMillis);
    this.#outcomes = new OutcomeMemory(options.outcomeTtlMillis);
    for (const row of options.past) this.#ledger.addPast(row);
  }

  /** Whether a row was seen in an earlier round. */
  knows(id: string): boolean {
    return this.#counter.knows(id);
  }

  /** Ids that were acknowledged and have no row yet. */
  waiting(): readonly string[] {
    return this.#counter.waiting();
  }

  get decisions(): DecisionCounts {
    return this.#counter.counts;
  }

  check({ assignments, attempts, endedAt, isFinal, rows }: Round): readonly Finding[] {
    const findings: Finding[] = [...this.#counter.addAttempts(attempts), ...attempts.flatMap(checkWords)];
    findings.push(...attempts.flatMap((attempt) => checkRefusal(attempt, this.#options) ?? []));
    for (const attempt of attempts) {
      this.counts.keyTakenMillis = Math.max(this.counts.keyTakenMillis, takenAfterRevoking(attempt, this.#options));
    }
    const { findings: countFindings, unanswered } = this.#counter.addRows(rows);
    findings.push(...countFindings, ...this.#counter.findMissing(isFinal));
    const evidences = this.#learnRows(attempts, rows);
    for (const row of unanswered) findings.push(...this.#checkUnanswered(row));
    findings.push(...this.#explainAll(attempts));
    for (const subject of this.#ledger.freshSubjects()) {
      const verdict = checkEntries(subject, this.#entryOptions);
      this.counts.entries += verdict.entries;
      this.counts.degradedLimit += verdict.degradedLimit;
      this.counts.degradedDomain += verdict.degradedDomain;
      if (verdict.finding !== null) findings.push(verdict.finding);
    }
    const places = evidences > 0 ? this.#ledger.settle(endedAt) : [];
    findings.push(...checkAssignments(places, assignments));
    this.#outcomes.forgetBefore(endedAt);
    return findings;
  }

  get #entryOptions(): EntryOptions {
    const { configurations, processes, troubles } = this.#options;
    return { configurations, processes, troubles, ledger: this.#ledger };
  }

  #learnRows(attempts: readonly Attempt[], rows: readonly DecisionRow[]): number {
    const answers = new Map(
      attempts.flatMap((attempt) => (attempt.decisions ?? []).map((given) => [given.id, { attempt, given }] as const)),
    );
    let learnt = 0;
    for (const row of rows) {
      if (row.reason !== "experiment_assigned" || row.variantId === null) continue;
      const answer = answers.get(row.id);
      this.#ledger.add({
        row,
        variantId: row.variantId,
        attempt: answer?.attempt ?? null,
        committed: answer?.given.durability === "committed",
        degraded: answer?.attempt.decisions?.some(({ degraded }) => degraded) ?? false,
      });
      learnt += 1;
    }
    return learnt;
  }

  /** A row that nobody was told of: its variant must be the one that its subject gets. */
  #checkUnanswered(row: DecisionRow): readonly Finding[] {
    const { configurations, processes } = this.#options;
    const span = { startedAt: row.decidedAt, endedAt: row.decidedAt };
    const candidates = processes.flatMap((process) => configurations.candidates({ process, ...span }));
    this.#outcomes.learnRow(row, candidates);
    if (row.reason !== "experiment_assigned") return [];
    const evidence: Evidence = {
      row,
      variantId: row.variantId ?? "",
      attempt: null,
      committed: false,
      degraded: false,
    };
    const places = this.#ledger.placesOf(row.subject).filter(({ experimentId }) => experimentId === row.experimentId);
    const variants = new Set(
      places.flatMap(({ fresh, settled }) => [
        ...(settled?.variants ?? []),
        ...fresh.filter((each) => each.row.id !== row.id).map((each) => each.variantId),
      ]),
    );
    const fits = configurationsOf(evidence, this.#entryOptions).some((configuration) => {
      const experiment = experimentById(configuration, row.experimentId ?? "");
      if (experiment === undefined || experiment.flag !== row.flag) return false;
      if (drawn(configuration, experiment, row.subject)?.variantId === row.variantId) return true;
      return [...variants].some((variantId) => {
        const holding = { experimentId: row.experimentId ?? "", variantId, firstAt: 0, lastAt: 0 };
        return keptVariant(configuration, experiment, [holding])?.variantId === row.variantId;
      });
    });
    return fits ? [] : [{ kind: "unexplained row", at: row.decidedAt, lines: [JSON.stringify(row)] }];
  }

  /**
   * Kept outcomes explain an answer only when somebody was given that outcome for a reason of its own: so what needs none comes
   * first, and the rest follows from it step by step.
   */
  #explainAll(attempts: readonly Attempt[]): readonly Finding[] {
    const answered = attempts.filter(({ decisions }) => decisions !== null);
    const explaining: ExplainingOptions = { ...this.#options, ledger: this.#ledger, outcomes: this.#outcomes };
    let left = this.#explainSome(answered, explaining, false);
    for (let before = -1; left.length > 0 && left.length !== before;) {
      before = left.length;
      left = this.#explainSome(left, explaining, true);
    }
    return left.map((attempt) => {
      this.counts.answers += 1;
      return { kind: "unexplained answer", at: attempt.endedAt, lines: describeAttempt(attempt, explaining) };
    });
  }

  /** Gives what is left. */
  #explainSome(attempts: readonly Attempt[], explaining: ExplainingOptions, withOutcomes: boolean): readonly Attempt[] {
    return attempts.filter((attempt) => {
      const explanation = explainAnswer(attempt, explaining, withOutcomes);
      if (explanation === null) return true;
      this.#count(attempt, explanation);
      this.#outcomes.learn(attempt, this.#options.configurations.candidates(attempt));
      return false;
    });
  }

  #count(attempt: Attempt, { degraded, freshness, keptOutcome, olderHistory }: Explanation): void {
    const { counts } = this;
    counts.answers += 1;
    counts.decisions += attempt.decisions?.length ?? 0;
    counts[freshness] += 1;
    if (olderHistory) counts.olderHistory += 1;
    if (degraded) counts.degraded += 1;
    const { endedAt, startedAt } = attempt;
    if (degraded && !this.#options.troubles.postgresWasAway(startedAt, endedAt)) counts.degradedInPeace += 1;
    if (keptOutcome) counts.keptOutcome += 1;
  }
}

/** What an answer says about safety must go with the kind of decision. */
function checkWords(attempt: Attempt): readonly Finding[] {
  return (attempt.decisions ?? []).flatMap((given): readonly Finding[] => {
    const isAssignment = given.reason === "experiment_assigned";
    const fits = attempt.question.peek
      ? given.durability === "none"
      : RECORDED_WORDS.includes(given.durability) && !(isAssignment && given.durability === "queued");
    if (fits) return [];
    return [
      { kind: "broken promise of durability", at: attempt.endedAt, lines: [JSON.stringify({ ...attempt, given })] },
    ];
  });
}

function describeAttempt(attempt: Attempt, explaining: ExplainingOptions): readonly string[] {
  const { decisions, endedAt, life, process, question, startedAt, turn } = attempt;
  return [
    `turn ${String(turn)} at ${process} (start ${String(life)}), ${new Date(startedAt).toISOString()} + ${String(endedAt - startedAt)} ms`,
    `asked ${JSON.stringify(question)}`,
    ...(decisions ?? []).map((given) => `got ${JSON.stringify(given)}`),
    ...describeCandidates(attempt, explaining),
  ];
}
