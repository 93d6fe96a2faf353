import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@lotty/faults/stage/database";
import type { Checker, CheckCounts } from "../check/checker.ts";
import type { DecisionCounts } from "../check/count-decisions.ts";
import { EventCounter, type EventAttempt, type EventCounts } from "../check/count-events.ts";
import type { Attempt, Finding } from "../check/evidence.ts";
import { ENVIRONMENTS, perEnvironment, type EnvironmentKey, type PerEnvironment } from "../world/environments.ts";
import type { Troubles } from "../world/troubles.ts";
import { assignmentsOf, decisionsOf, decisionsSince, eventsIn } from "./read-tables.ts";

/** Rows that were on their way when the round before ended have ids from before it. */
const OVERLAP_MILLIS = 120_000;

/** Events in the stream are in the table within this time, when everything runs. */
const EVENTS_WITHIN_MILLIS = 60_000;
const LOOK_MILLIS = 500;

/** What was played in a round. */
export interface PlayedRound {
  readonly attempts: readonly Attempt[];
  readonly events: readonly EventAttempt[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Whether the stream of decisions has drained as well. */
  readonly isFinal: boolean;
}

/** What judging works with. */
export interface JudgeParts {
  readonly database: Database;
  readonly checkers: PerEnvironment<Checker>;
  /** Where the checkers count. */
  readonly checks: CheckCounts;
  readonly environmentIds: PerEnvironment<string>;
  /** Whether events go through a stream. */
  readonly streamed: boolean;
  readonly troubles: Troubles;
}

/** Compares what was answered in each environment with its tables, round by round. */
export class Judge {
  readonly findings: Finding[] = [];
  readonly #parts: JudgeParts;
  readonly #events: PerEnvironment<EventCounter>;

  constructor(parts: JudgeParts) {
    this.#parts = parts;
    const { streamed, troubles } = parts;
    this.#events = perEnvironment(
      () => new EventCounter(({ endedAt, startedAt }) => streamed || troubles.postgresWasAway(startedAt, endedAt)),
    );
  }

  /** Gives what was found and how many rows were looked at. */
  async round(round: PlayedRound): Promise<{ readonly findings: number; readonly rows: number }> {
    const before = this.findings.length;
    let rows = 0;
    for (const environment of ENVIRONMENTS) {
      rows += await this.#decisions(environment, round);
      const events = round.events.filter(({ batch }) => batch.environment === environment);
      this.findings.push(...this.#events[environment].add(events));
      if (round.isFinal) this.findings.push(...(await this.#finishEvents(environment)));
    }
    return { findings: this.findings.length - before, rows };
  }

  get checks(): CheckCounts {
    return this.#parts.checks;
  }

  get decisions(): DecisionCounts {
    return ENVIRONMENTS.map((each) => this.#parts.checkers[each].decisions).reduce(sumOfDecisions);
  }

  get events(): EventCounts {
    return ENVIRONMENTS.map((each) => this.#events[each].counts).reduce(sumOfEvents);
  }

  async #decisions(environment: EnvironmentKey, { attempts, isFinal, startedAt }: PlayedRound): Promise<number> {
    const { checkers, database, environmentIds } = this.#parts;
    const checker = checkers[environment];
    const id = environmentIds[environment];
    const here = attempts.filter(({ question }) => question.environment === environment);
    const since = isFinal ? 0 : startedAt - OVERLAP_MILLIS;
    const recent = await decisionsSince(database, id, since);
    const late = await decisionsOf(database, id, checker.waiting());
    // One that the table has twice stays twice.
    const rows = [...recent, ...late.filter(({ decidedAt }) => decidedAt < since)].filter(
      (row) => !checker.knows(row.id),
    );
    const subjects = new Set([...here.map(({ question }) => question.subject), ...rows.map(({ subject }) => subject)]);
    const assignments = await assignmentsOf(database, id, [...subjects]);
    this.findings.push(...checker.check({ attempts: here, rows, assignments, endedAt: Date.now(), isFinal }));
    return rows.length;
  }

  /** Looks until nothing is missing any more, or the time is over. */
  async #finishEvents(environment: EnvironmentKey): Promise<readonly Finding[]> {
    const deadline = performance.now() + EVENTS_WITHIN_MILLIS;
    for (;;) {
      const rows = await eventsIn(this.#parts.database, this.#parts.environmentIds[environment]);
      const findings = this.#events[environment].finish(rows);
      if (performance.now() > deadline || findings.every(({ kind }) => kind !== "missing event")) return findings;
      await sleep(LOOK_MILLIS);
    }
  }
}

function sumOfDecisions(one: DecisionCounts, other: DecisionCounts): DecisionCounts {
  const words = new Set([...Object.keys(one.byWord), ...Object.keys(other.byWord)]);
  return {
    byWord: Object.fromEntries([...words].map((word) => [word, (one.byWord[word] ?? 0) + (other.byWord[word] ?? 0)])),
    rows: one.rows + other.rows,
    unanswered: one.unanswered + other.unanswered,
  };
}

function sumOfEvents(one: EventCounts, other: EventCounts): EventCounts {
  return {
    sent: one.sent + other.sent,
    accepted: one.accepted + other.accepted,
    duplicates: one.duplicates + other.duplicates,
    ownDuplicates: one.ownDuplicates + other.ownDuplicates,
    rows: one.rows + other.rows,
  };
}
