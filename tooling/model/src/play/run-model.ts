import { setTimeout as sleep } from "node:timers/promises";
import { Guardian } from "@lotty/faults/stage/guardian";
import { openStage } from "@lotty/faults/stage/stage";
import { sumOf } from "@lotty/faults/stage/process-metrics";
import { waitForDrain } from "@lotty/faults/stage/wait-for-drain";
import { Checker, noChecks, type CheckCounts } from "../check/checker.ts";
import type { DecisionCounts } from "../check/count-decisions.ts";
import type { EventCounts } from "../check/count-events.ts";
import type { Finding } from "../check/evidence.ts";
import { ConfigurationHistory } from "../world/configuration-history.ts";
import { perEnvironment, type PerEnvironment } from "../world/environments.ts";
import { KeyBook } from "../world/key-book.ts";
import { EVENT_TYPE } from "../world/random-events.ts";
import { Troubles } from "../world/troubles.ts";
import { Admin } from "./admin.ts";
import { AskLoop } from "./ask-loop.ts";
import { Cast } from "./cast.ts";
import { ChangeLoop } from "./change-loop.ts";
import { DefinitionsWriter } from "./definitions-writer.ts";
import { EventLoop } from "./event-loop.ts";
import { FaultLoop, type PlayedFault } from "./fault-loop.ts";
import { Judge } from "./judge.ts";
import { KeyLoop } from "./key-loop.ts";
import { environmentOf, settingsOf, type ModelSettings } from "./model-settings.ts";
import { pastAssignments } from "./past-assignments.ts";
import { environmentIds, writePast } from "./read-tables.ts";

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

/** What came of a run. */
export interface ModelResult {
  readonly settings: ModelSettings;
  readonly seconds: number;
  readonly turns: number;
  readonly attempts: number;
  readonly failures: Readonly<Record<string, number>>;
  readonly changes: number;
  readonly keys: { readonly made: number; readonly revoked: number };
  readonly faults: readonly PlayedFault[];
  readonly checks: CheckCounts;
  readonly decisions: DecisionCounts;
  readonly events: EventCounts;
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
const KEPT_LOG = 6_000;

/** Nobody who was killed or cut off commits any more after this. */
const STRAGGLERS_MILLIS = 500;

/** Plays a run on a stage of its own and checks it, round by round. */
export async function runModel(options: ModelOptions): Promise<ModelResult> {
  const settings = settingsOf(options.seed);
  const stageOptions = { writeMode: settings.writeMode, env: environmentOf(settings), startProcesses: false };
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

class ModelRun {
  readonly #options: ModelOptions;
  readonly #settings: ModelSettings;
  readonly #stage: Awaited<ReturnType<typeof openStage>>;
  readonly #troubles: Troubles;
  readonly #histories: PerEnvironment<ConfigurationHistory>;
  readonly #cast: Cast;
  readonly #admin: Admin;
  readonly #keys = new KeyBook();
  readonly #failures = new Map<string, number>();
  readonly #begin = performance.now();
  #attempts = 0;
  #drainSeconds: number | null = null;

  constructor(options: ModelOptions, settings: ModelSettings, stage: Awaited<ReturnType<typeof openStage>>) {
    this.#options = options;
    this.#settings = settings;
    this.#stage = stage;
    this.#troubles = new Troubles(settings.pollSeconds * 1_000);
    this.#histories = perEnvironment(() => new ConfigurationHistory(this.#troubles, options.visibleMillis));
    this.#cast = new Cast(stage, this.#troubles);
    this.#admin = new Admin(options.seed, this.#cast);
  }

  async play(): Promise<ModelResult> {
    const { perSecond, seconds, seed, signal } = this.#options;
    const parts = { seed, database: this.#stage.database, admin: this.#admin };
    const writer = await DefinitionsWriter.open(parts);
    const asking = new AskLoop(seed, perSecond, { cast: this.#cast, keys: this.#keys });
    try {
      const changes = new ChangeLoop(seed, { writer, histories: this.#histories });
      const judge = await this.#begun(changes);
      const players: Players = {
        asking,
        changes,
        judge,
        keys: new KeyLoop(seed, { admin: this.#admin, keys: this.#keys }),
        events: new EventLoop(seed, this.#cast),
        faults: new FaultLoop(seed, this.#cast),
      };
      let left = seconds * 1_000;
      while (left > 0 && !signal.aborted) {
        const length = left < 1.5 * ROUND_MILLIS ? left : ROUND_MILLIS;
        left -= length;
        await this.#round(players, { length, isLast: left <= 0 });
      }
      return await this.#result(players);
    } finally {
      asking.close();
      await writer.close();
    }
  }

  /** Writes what subjects did before the run and the first configurations, and starts everybody. */
  async #begun(changes: ChangeLoop): Promise<Judge> {
    await changes.begin("production");
    const past = pastAssignments(this.#options.seed, this.#histories.production);
    await writePast(this.#stage.database, past);
    await this.#cast.gather();
    await this.#admin.untilDone({ method: "POST", path: "/v1/environments", body: { key: "staging" } }, [409]);
    await changes.begin("staging");
    const body = { key: EVENT_TYPE };
    await this.#admin.untilDone({ method: "POST", path: "/v1/event-types", body, environment: "production" }, [409]);
    await this.#admin.untilDone({ method: "POST", path: "/v1/event-types", body, environment: "staging" }, [409]);
    const ids = await environmentIds(this.#stage.database);
    const checks = noChecks();
    const checkers = perEnvironment(
      (environment) =>
        new Checker({
          configurations: this.#histories[environment],
          troubles: this.#troubles,
          promisedMillis: this.#options.visibleMillis,
          processes: this.#stage.api.map(({ name }) => name),
          historyTtlMillis: this.#settings.historyTtlSeconds * 1_000,
          outcomeTtlMillis: this.#settings.outcomeTtlSeconds * 1_000,
          past: environment === "production" ? past : [],
          counts: checks,
        }),
    );
    // Every process knows of the environment and of the type of its events by then.
    await sleep(this.#options.visibleMillis);
    return new Judge({
      database: this.#stage.database,
      checkers,
      checks,
      streamed: this.#settings.writeMode === "async",
      troubles: this.#troubles,
      environmentIds: perEnvironment((environment) => ids.get(environment) ?? ""),
    });
  }

  async #round(players: Players, at: { readonly length: number; readonly isLast: boolean }): Promise<void> {
    const startedAt = Date.now();
    const over = AbortSignal.any([AbortSignal.timeout(at.length), this.#options.signal]);
    const { asking, changes, events, faults, keys } = players;
    await Promise.all([asking, changes, events, faults, keys].map((player) => player.run(over)));
    await this.#cast.gather();
    await this.#untilSpoolsAreEmpty();
    const isFinal = at.isLast || this.#options.signal.aborted;
    if (isFinal) {
      this.#drainSeconds = await waitForDrain(this.#stage, {
        withinMillis: DRAINED_WITHIN_MILLIS,
        signal: new AbortController().signal,
      });
    }
    await sleep(STRAGGLERS_MILLIS);
    await this.#judge(players, { startedAt, isFinal });
  }

  async #judge(
    { asking, events, judge }: Players,
    at: { readonly startedAt: number; readonly isFinal: boolean },
  ): Promise<void> {
    const attempts = asking.takeAttempts();
    for (const { failure } of attempts) {
      if (failure !== null) this.#failures.set(failure, (this.#failures.get(failure) ?? 0) + 1);
    }
    this.#attempts += attempts.length;
    const answered = attempts.filter(({ decisions }) => decisions !== null).length;
    const begin = performance.now();
    const { findings, rows } = await judge.round({ attempts, events: events.takeAttempts(), ...at });
    this.#options.say(
      `${new Date().toISOString()} ${String(attempts.length)} requests, ${String(answered)} answered, ${String(rows)} rows, ` +
        `${String(findings)} findings, checked in ${((performance.now() - begin) / 1_000).toFixed(1)} s`,
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

  async #result({ asking, changes, faults, judge }: Players): Promise<ModelResult> {
    const [count] = await this.#stage.database.query("SELECT count(*) AS rows FROM decisions");
    const members = [...this.#stage.api, ...this.#stage.workers];
    return {
      settings: this.#settings,
      seconds: (performance.now() - this.#begin) / 1_000,
      turns: asking.turns,
      attempts: this.#attempts,
      failures: Object.fromEntries([...this.#failures].toSorted((a, b) => b[1] - a[1])),
      changes: changes.changes,
      keys: { made: this.#keys.made, revoked: this.#keys.revoked },
      faults: faults.played,
      checks: judge.checks,
      decisions: judge.decisions,
      events: judge.events,
      findings: judge.findings,
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
  readonly keys: KeyLoop;
  readonly events: EventLoop;
  readonly faults: FaultLoop;
  readonly judge: Judge;
}
