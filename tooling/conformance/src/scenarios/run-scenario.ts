import {
  DEFAULT_ENVIRONMENT_ID,
  isJsonObject,
  isLottyError,
  MICROS_PER_MILLI,
  type JsonObject,
  type JsonValue,
} from "@lotty/domain";
import type { AnsweredDecision } from "@lotty/decisions";
import { firstDifference, type CaseResult } from "../report.ts";
import type { ScenarioStore, StoredDecision } from "../stores/scenario-store.ts";
import { objectsField, textField, type VectorCase } from "../vector-files.ts";
import { whyLeftOut } from "./left-out.ts";
import { ScenarioProcess } from "./scenario-process.ts";
import { instantField, objectField, World, decisionRecordOf } from "./world.ts";

/** Runs a scenario through the decision flow on a store and compares every step. */
export async function runScenario(vector: VectorCase, store: ScenarioStore): Promise<CaseResult> {
  const why = whyLeftOut(vector, store.forbiddenBySchema);
  if (why !== undefined) return { status: "left_out", why };
  const run = new ScenarioRun(store, vector);
  await run.begin();
  for (const [index, step] of objectsField(vector, "steps").entries()) {
    const difference = await run.step(step);
    if (difference !== undefined) return { status: "failed", difference: `step ${index}: ${difference}` };
  }
  return { status: "passed" };
}

/** The outcomes for which Lotty keeps a cached decision; the reference caches the earlier gates' outcomes as well. */
const CACHED_REASONS: ReadonlySet<JsonValue | undefined> = new Set([
  "outside_traffic_allocation",
  "no_variants",
  "experiment_assigned",
]);

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

class ScenarioRun {
  readonly #process: ScenarioProcess;
  readonly #store: ScenarioStore;
  readonly #world: World;
  readonly #settings: Record<string, JsonValue>;
  readonly #seenIds = new Set<string>();

  constructor(store: ScenarioStore, vector: VectorCase) {
    this.#store = store;
    this.#world = new World(objectField(vector, "state"));
    this.#settings = { ...objectField(vector, "settings") };
    this.#process = new ScenarioProcess(store, instantField(vector, "clock"));
  }

  async begin(): Promise<void> {
    await this.#store.reset();
    await this.#reconfigure();
    await this.#store.addDecisions(this.#world.decisions(DEFAULT_ENVIRONMENT_ID));
    this.#process.configure(this.#settings);
  }

  /** Runs one step; the first difference of a decision, if any. */
  async step(step: JsonObject): Promise<string | undefined> {
    switch (step["op"]) {
      case "decide":
        return this.#decide(step);
      case "advance":
        this.#process.clock.advance(Number(step["ms"]) * MICROS_PER_MILLI);
        return undefined;
      case "settings":
        Object.assign(this.#settings, objectField(step, "values"));
        this.#process.configure(this.#settings);
        return undefined;
      case "faults":
        Object.assign(this.#process.faults, objectField(step, "values"));
        return undefined;
      case "cache_put":
        await this.#process.plant(textField(step, "key"), step["value"], Number(step["ttl"]));
        return undefined;
      default:
        return this.#edit(step);
    }
  }

  async #edit(step: JsonObject): Promise<undefined> {
    const table = textField(step, "table");
    if (step["op"] === "set") this.#world.set(table, objectField(step, "where"), objectField(step, "values"));
    if (step["op"] === "remove") this.#world.remove(table, objectField(step, "where"));
    if (step["op"] === "add") {
      const row = objectField(step, "row");
      this.#world.add(table, row);
      if (table === "decisions") await this.#store.addDecisions([decisionRecordOf(row, DEFAULT_ENVIRONMENT_ID)]);
    }
    if (table !== "decisions") await this.#reconfigure();
    return undefined;
  }

  async #reconfigure(): Promise<void> {
    await this.#store.configure(this.#world.configuration(DEFAULT_ENVIRONMENT_ID));
    await this.#process.reload();
  }

  async #decide(step: JsonObject): Promise<string | undefined> {
    const { cacheWrites, enqueued, metrics } = this.#process;
    const before = { cacheWrites: cacheWrites.length, enqueued: enqueued.length, decisions: metrics.decisions.length };
    const expect = isJsonObject(step["expect_fresh"]) ? step["expect_fresh"] : objectField(step, "expect");
    const subject = { id: textField(step, "subject_id"), attributes: objectField(step, "attributes") };
    const answer = await this.#process.decider
      .decideForFlag(textField(step, "flag_key"), { subject })
      .catch((error: unknown) => {
        if (isLottyError(error, "decision_store_unavailable")) return undefined;
        throw error;
      });
    const queued = enqueued.slice(before.enqueued);
    const ids = answer === undefined ? [] : [answer.decisionId];
    const idFault = answer === undefined ? undefined : this.#idFault(answer.decisionId);
    if (idFault !== undefined) return idFault;
    const observed = {
      ...(answer === undefined ? { error: "decision_store" } : { result: resultOf(answer) }),
      rows: (await this.#store.findDecisions(ids)).map((row) => rowOf(row, ids)),
      enqueued: queued.map((row) => rowOf(row, ids)),
      counter: countsOf(metrics.decisions.slice(before.decisions)),
    };
    const { error, result, rows, enqueued: expectedQueue, counter } = expect;
    const outcome = error === undefined ? { result } : { error };
    const difference = firstDifference(observed, { ...outcome, rows, enqueued: expectedQueue, counter });
    return difference ?? this.#cacheDifference(answer, expect, before.cacheWrites);
  }

  #idFault(id: string): string | undefined {
    if (!UUID_V7.test(id)) return `${id} is not a UUID of version 7`;
    if (this.#seenIds.has(id)) return `${id} was used before`;
    this.#seenIds.add(id);
    return undefined;
  }

  /** Source and cache writes, where Lotty keeps cached decisions at all. */
  #cacheDifference(answer: AnsweredDecision | undefined, expect: JsonObject, from: number): string | undefined {
    if (answer === undefined || !CACHED_REASONS.has(answer.reason)) return undefined;
    const expectedWrites = objectsField(expect, "cache_writes").filter((write) => write["kind"] === "decision");
    const writes = this.#process.cacheWrites.slice(from).map(({ entry, ttlSeconds }) => ({
      ttl: ttlSeconds,
      value: {
        flag: answer.flag,
        value: answer.value,
        experiment_id: entry.experimentId,
        variant_id: entry.variantId,
        reason: entry.reason,
      },
    }));
    const expected = expectedWrites.map(({ ttl, value }) => ({ ttl, value }));
    return firstDifference({ source: answer.source, writes }, { source: expect["source"], writes: expected });
  }
}

function resultOf(answer: AnsweredDecision): JsonObject {
  return {
    flag: answer.flag,
    value: answer.value,
    experiment_id: answer.experimentId,
    variant_id: answer.variantId,
    reason: answer.reason,
  };
}

/** A row without its id, which must be that of the answer. */
function rowOf(row: StoredDecision, ids: readonly string[]): JsonObject {
  if (!ids.includes(row.decisionId)) throw new Error(`The row ${row.decisionId} belongs to no answer.`);
  return {
    flag_key: row.flagKey,
    subject_id: row.subjectId,
    experiment_id: row.experimentId,
    variant_id: row.variantId,
    value: row.value,
    reason: row.reason,
  };
}

function countsOf(reasons: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(reasons, (reason) => reason)].map(([reason, all]) => [reason, all.length]));
}
