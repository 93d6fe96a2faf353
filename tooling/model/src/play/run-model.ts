import { setTimeout as sleep } from "node:timers/promises";
import { SeededRandom } from "@lotty/faults/seeded-random";
import { Guardian } from "@lotty/faults/stage/guardian";
import { openStage } from "@lotty/faults/stage/stage";
import { sumOf } from "@lotty/faults/stage/process-metrics";
import { waitForDrain } from "@lotty/faults/stage/wait-for-drain";
import { Checker, type CheckCounts } from "../check/checker.ts";
import type { DecisionCounts } from "../check/count-decisions.ts";
import type { AssignmentRow, DecisionRow, Finding } from "../check/evidence.ts";
import { variantKey } from "../oracle/configuration.ts";
import { ConfigurationHistory } from "../world/configuration-history.ts";
import { PAST_EXPERIMENT, pastDays } from "../world/first-definitions.ts";
import { subjectName } from "../world/request.ts";
import { Troubles } from "../world/troubles.ts";
import { AskLoop } from "./ask-loop.ts";
import { Cast } from "./cast.ts";
import { ChangeLoop } from "./change-loop.ts";
import { FaultLoop, type PlayedFault } from "./fault-loop.ts";
import { assignmentsOf, decisionsOf, decisionsSince, writePast } from "./read-tables.ts";

/** How to run. */
export interface ModelOptions {
  readonly seed: number;
  /** How long requests are asked, all rounds together. */
  readonly seconds: number;
  readonly perSecond: number;
  readonly built: boolean;
  /** How soon a change must be visible, in milliseconds. */
  readonly visibleMillis: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** What a seed decides once for a run. */
export interface ModelSettings {
  readonly writeMode: "sync" | "async";
  readonly outcomeTtlSeconds: number;
  readonly historyTtlSeconds: number;
  readonly pollSeconds: number;
}

/** What came of a run. */
export interface ModelResult {
  readonly settings: ModelSettings;
  readonly seconds: number;
  readonly turns: number;
  readonly attempts: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly changes: number;
  readonly faults: readonly PlayedFault[];
  readonly checks: CheckCounts;
  readonly decisions: DecisionCounts;
  readonly findings: readonly Finding[];
  /** Rows of the table in the end, to be compared with those that were seen one by one. */
  readonly tableRows: number;
  /** Processes that ended though nobody had asked them to. */
  readonly surprises: readonly string[];
  readonly drainSeconds: number | null;
  readonly logs: Readonly<Record<string, string>>;
}

/** A run that takes so many times longer than asked for, and {@link GRACE_MILLIS} besides, hangs. */
const SLOWNESS = 4;
const GRACE_MILLIS = 600_000;
const ROUND_MILLIS = 20_000;
const SPOOLS_EMPTY_WITHIN_MILLIS = 60_000;
const DRAINED_WITHIN_MILLIS = 120_000;
const DAY_MILLIS = 86_400_000;
const PAST_SUBJECTS = 20_000;
const KEPT_LOG = 6_000;

/** Rows that were on their way when the round before ended have ids from before it. */
const OVERLAP_MILLIS = 120_000;

/** Nobody who was killed or cut off commits any more after this. */
const STRAGGLERS_MILLIS = 500;

/** The settings that a seed stands for. */
export function settingsOf(seed: number): ModelSettings {
  const random = new SeededRandom(Math.imul(seed + 1, 0x9e3779b1));
  return {
    writeMode: seed % 2 === 0 ? "sync" : "async",
    outcomeTtlSeconds: random.pick([0, 5, 60]),
    historyTtlSeconds: random.pick([0, 3, 30]),
    pollSeconds: random.pick([1, 5]),
  };
}

/** Plays a run on a stage of its own and checks it, round by round. */
export async function runModel(options: ModelOptions): Promise<ModelResult> {
  const settings = settingsOf(options.seed);
  const stageOptions = { writeMode: settings.writeMode, env: environment(settings), startProcesses: false };
  const guardian = new Guardian();
  guardian.watch(options.seconds * 1_000 * SLOWNESS + GRACE_MILLIS);
  try {
    const stage = await openStage(stageOptions, { built: options.built, guardian });
    try {
      return await new ModelRun(options, settings, stage).play();
    } finally {
      await stage.strike();
    }
  } finally {
    await guardian.close();
  }
}

function environment(settings: ModelSettings): NodeJS.ProcessEnv {
  return {
    DECISION_RESULT_CACHE_TTL_SECONDS: String(settings.outcomeTtlSeconds),
    HISTORY_CACHE_TTL_SECONDS: String(settings.historyTtlSeconds),
    CONFIGURATION_POLL_SECONDS: String(settings.pollSeconds),
  };
}

class ModelRun {
  readonly #options: ModelOptions;
  readonly #settings: ModelSettings;
  readonly #stage: Awaited<ReturnType<typeof openStage>>;
  readonly #troubles: Troubles;
  readonly #configurations: ConfigurationHistory;
  readonly #cast: Cast;
  readonly #findings: Finding[] = [];
  readonly #failures = new Map<string, number>();
  readonly #begin = performance.now();
  #attempts = 0;
  #drainSeconds: number | null = null;

  constructor(options: ModelOptions, settings: ModelSettings, stage: Awaited<ReturnType<typeof openStage>>) {
    this.#options = options;
    this.#settings = settings;
    this.#stage = stage;
    this.#troubles = new Troubles(settings.pollSeconds * 1_000);
    this.#configurations = new ConfigurationHistory(this.#troubles, this.#options.visibleMillis);
    this.#cast = new Cast(stage, this.#troubles);
  }

  async play(): Promise<ModelResult> {
    const { perSecond, seconds, seed, signal } = this.#options;
    const changes = await ChangeLoop.begin(seed, this.#stage.database, this.#configurations);
    const asking = new AskLoop(seed, perSecond, this.#cast);
    try {
      const checker = await this.#begun();
      const faults = new FaultLoop(seed, this.#cast);
      await this.#cast.gather();
      let left = seconds * 1_000;
      while (left > 0 && !signal.aborted) {
        const length = left < 1.5 * ROUND_MILLIS ? left : ROUND_MILLIS;
        left -= length;
        await this.#round({ asking, changes, faults, checker }, { length, isLast: left <= 0 });
      }
      return await this.#result({ asking, changes, faults, checker });
    } finally {
      asking.close();
      await changes.close();
    }
  }

  /** Writes what subjects did before the run. */
  async #begun(): Promise<Checker> {
    const past = pastAssignments(this.#options.seed, this.#configurations);
    await writePast(this.#stage.database, past);
    return new Checker({
      configurations: this.#configurations,
      troubles: this.#troubles,
      processes: this.#stage.api.map(({ name }) => name),
      historyTtlMillis: this.#settings.historyTtlSeconds * 1_000,
      outcomeTtlMillis: this.#settings.outcomeTtlSeconds * 1_000,
      past,
    });
  }

  async #round(
    players: Players,
    { isLast, length }: { readonly length: number; readonly isLast: boolean },
  ): Promise<void> {
    const { asking, changes, checker, faults } = players;
    const startedAt = Date.now();
    const over = AbortSignal.any([AbortSignal.timeout(length), this.#options.signal]);
    await Promise.all([asking.run(over), changes.run(over), faults.run(over)]);
    await this.#cast.gather();
    await this.#untilSpoolsAreEmpty();
    const isFinal = isLast || this.#options.signal.aborted;
    if (isFinal)
      this.#drainSeconds = await waitForDrain(this.#stage, {
        withinMillis: DRAINED_WITHIN_MILLIS,
        signal: new AbortController().signal,
      });
    await sleep(STRAGGLERS_MILLIS);
    await this.#check(checker, asking, { startedAt, isFinal });
  }

  async #check(
    checker: Checker,
    asking: AskLoop,
    at: { readonly startedAt: number; readonly isFinal: boolean },
  ): Promise<void> {
    const { database } = this.#stage;
    const attempts = asking.takeAttempts();
    for (const { failure } of attempts) {
      if (failure !== null) this.#failures.set(failure, (this.#failures.get(failure) ?? 0) + 1);
    }
    this.#attempts += attempts.length;
    const since = at.isFinal ? 0 : at.startedAt - OVERLAP_MILLIS;
    const recent = await decisionsSince(database, since);
    const late = await decisionsOf(database, checker.waiting());
    const rows = newRows([...recent, ...late.filter(({ decidedAt }) => decidedAt < since)], checker);
    const subjects = [
      ...new Set([...attempts.map(({ question }) => question.subject), ...rows.map(({ subject }) => subject)]),
    ];
    const assignments = await assignmentsOf(database, subjects);
    const begin = performance.now();
    const findings = checker.check({ attempts, rows, assignments, endedAt: Date.now(), isFinal: at.isFinal });
    this.#findings.push(...findings);
    const answered = attempts.filter(({ decisions }) => decisions !== null).length;
    this.#options.say(
      `${new Date().toISOString()} ${String(attempts.length)} requests, ${String(answered)} answered, ${String(rows.length)} rows, ` +
        `${String(findings.length)} findings, checked in ${((performance.now() - begin) / 1_000).toFixed(1)} s`,
    );
  }

  /** Decisions that were spooled have to be in the table before they can be looked for. */
  async #untilSpoolsAreEmpty(): Promise<void> {
    const end = performance.now() + SPOOLS_EMPTY_WITHIN_MILLIS;
    while (performance.now() < end) {
      const metrics = await Promise.all(this.#stage.api.map((member) => member.scrape()));
      if (metrics.every((each) => sumOf(each, "lotty_spool_rows") === 0)) return;
      await sleep(100);
    }
    throw new Error("The spools do not get empty, though everything is there.");
  }

  async #result({ asking, changes, checker, faults }: Players): Promise<ModelResult> {
    const [count] = await this.#stage.database.query("SELECT count(*) AS rows FROM decisions");
    const members = [...this.#stage.api, ...this.#stage.workers];
    return {
      settings: this.#settings,
      seconds: (performance.now() - this.#begin) / 1_000,
      turns: asking.turns,
      attempts: this.#attempts,
      failures: Object.fromEntries([...this.#failures].toSorted((a, b) => b[1] - a[1])),
      changes: changes.changes,
      faults: faults.played,
      checks: checker.counts,
      decisions: checker.decisions,
      findings: this.#findings,
      tableRows: Number(count?.["rows"]),
      surprises: members.flatMap(({ surprises }) => surprises),
      drainSeconds: this.#drainSeconds,
      logs: Object.fromEntries(members.map(({ name, log }) => [name, log.slice(-KEPT_LOG)])),
    };
  }
}

interface Players {
  readonly asking: AskLoop;
  readonly changes: ChangeLoop;
  readonly faults: FaultLoop;
  readonly checker: Checker;
}

/** Rows that no earlier round has seen. One that the table has twice stays twice. */
function newRows(rows: readonly DecisionRow[], checker: Checker): readonly DecisionRow[] {
  return rows.filter(({ id }) => !checker.knows(id));
}

function pastAssignments(seed: number, configurations: ConfigurationHistory): readonly AssignmentRow[] {
  const ids = configurations.newest?.configuration.ids;
  const experimentId = ids?.experiments.get(PAST_EXPERIMENT) ?? "";
  const variantId = ids?.variants.get(variantKey(PAST_EXPERIMENT, "control")) ?? "";
  const now = Date.now();
  return Array.from({ length: PAST_SUBJECTS }, (_, number) => number).flatMap((number): readonly AssignmentRow[] => {
    const days = pastDays(number);
    if (days === null) return [];
    const lastAt = Math.round(now - days * DAY_MILLIS);
    return [{ subject: subjectName(seed, number), experimentId, variantId, firstAt: lastAt - DAY_MILLIS, lastAt }];
  });
}
