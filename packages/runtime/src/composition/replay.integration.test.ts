import {
  DEFAULT_ENVIRONMENT_ID,
  systemActor,
  type ConflictDomain,
  type DecisionRecord,
  type Experiment,
  type Flag,
  type JsonObject,
} from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configForTest } from "../testing/config-for-test.ts";
import { openRuntime } from "./open-runtime.ts";
import type { Runtime } from "./runtime.ts";

const environmentId = DEFAULT_ENVIRONMENT_ID;
const FLAGS = 8;
const SUBJECTS = 40;
const ROUNDS = 30;
const CALLS = 25;

/** Random, and the same every time. */
function* numbers(): Generator<number, never> {
  for (let state = 42; ;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    yield state >>> 8;
  }
}

const source = numbers();
const below = (limit: number): number => source.next().value % limit;
const id = (kind: string, index: number): string =>
  `${kind.repeat(8)}-0000-4000-8000-${index.toString(16).padStart(12, "0")}`;

function flag(index: number, version: number): Flag {
  const rule = { id: id("c", index), targetingRules: 'country == "FR"', value: "ruled", rollout: 5_000 };
  return {
    id: id("f", index),
    key: `flag-${index}`,
    valueType: "string",
    defaultValue: `default ${below(2)}`,
    enabled: below(8) > 0,
    rules: below(3) === 0 ? [rule] : [],
    version,
    updatedAt: version,
  };
}

function experiment(index: number, version: number): Experiment {
  const status = (["running", "running", "running", "paused", "completed"] as const)[below(5)] ?? "running";
  return {
    id: id("e", index),
    key: `experiment-${index}`,
    flagId: id("f", index),
    hashVersion: 1,
    version,
    updatedAt: version,
    status,
    ...(status === "paused" && below(2) === 0 && { rolledBack: true }),
    targetingRules: [null, 'country == "DE"', "age > 30"][below(3)] ?? null,
    trafficAllocation: [10_000, 5_000, 0][below(3)] ?? 0,
    stickyAssignment: below(2) === 0,
    variants: [0, 1].map((variant) => ({
      id: id("a", 2 * index + variant),
      name: `v${variant}`,
      value: `value ${variant}`,
      isControl: variant === 0,
      weight: 1_000 * (1 + below(5)),
    })),
  };
}

function domain(index: number): ConflictDomain {
  const members = [0, 1, 2].map((member) => ({ experimentId: id("e", 3 * index + member), priority: below(3) }));
  return { id: id("d", index), key: `domain-${index}`, members };
}

const PEOPLE: readonly JsonObject[] = [{ country: "DE", age: 20 }, { country: "FR", age: 40 }, {}];

describe("decisions on record, on Postgres", () => {
  let database: TestDatabase;
  let runtime: Runtime;
  let version = 0;
  const attributesOf = new Map<string, JsonObject>();

  beforeAll(async () => {
    database = await createTestDatabase();
    const config = configForTest({ DATABASE_URL: database.url, DATABASE_POOL_SIZE: "4", DECISION_ATTRIBUTES: "full" });
    runtime = await openRuntime(config, { role: "api", logger: new RecordingLogger() });
    await runtime.ready;
    for (let round = 0; round < ROUNDS; round += 1) {
      await changeAll();
      await Promise.all(Array.from({ length: CALLS }, () => decideSome()));
    }
  }, 120_000);

  afterAll(async () => {
    await runtime.close();
    await database.drop();
  });

  async function changeAll(): Promise<void> {
    version += 1;
    const indexes = Array.from({ length: FLAGS }, (_, index) => index);
    const changed = indexes.filter(() => version === 1 || below(2) === 0);
    await runtime.storage.configuration.apply(
      environmentId,
      {
        putFlags: changed.map((index) => flag(index, version)),
        putExperiments: changed.map((index) => experiment(index, version)),
        putDomains: version === 1 || below(3) === 0 ? [domain(0), domain(1)] : [],
      },
      version - 1,
    );
    await runtime.snapshots.refresh(environmentId);
  }

  async function decideSome(): Promise<void> {
    const attributes = PEOPLE[below(PEOPLE.length)] ?? {};
    const flags = [...new Set([0, 1, 2, 3].map(() => `flag-${below(FLAGS)}`))];
    const subject = { id: `subject-${below(SUBJECTS)}`, attributes };
    for (const { decisionId } of await runtime.decider.decideForFlags(flags, { subject }))
      attributesOf.set(decisionId, attributes);
  }

  async function recorded(): Promise<readonly DecisionRecord[]> {
    const all: DecisionRecord[] = [];
    const span = { environmentId, from: 0, to: (Date.now() + 60_000) * 1_000, limit: 500 };
    let before: string | null | undefined;
    while (before !== null) {
      const page = await runtime.records.list({ ...span, ...(before !== undefined && { before }) });
      all.push(...page.decisions);
      before = page.next;
    }
    return all;
  }

  it("come out identical by what is on record alone, thousands of them, with changes in between", async () => {
    const decisions = await recorded();
    expect(decisions.length).toBe(attributesOf.size);
    expect(decisions.length).toBeGreaterThan(2_000);
    for (let start = 0; start < decisions.length; start += 8) {
      const some = decisions.slice(start, start + 8).map(async (decision) => ({
        decision,
        replay: await runtime.records.replay(decision, null),
      }));
      for (const replayed of await Promise.all(some))
        expect(replayed).toMatchObject({ replay: { status: "identical" } });
    }
    expect(new Set(decisions.map(({ reason }) => reason)).size).toBeGreaterThan(6);
  }, 120_000);

  it("have on record what they were asked with, and take the same from the caller", async () => {
    for (const decision of (await recorded()).slice(0, 200)) {
      const attributes = attributesOf.get(decision.decisionId);
      expect(await runtime.storage.recordedAttributes.of(decision)).toStrictEqual(attributes);
      expect(await runtime.records.replay(decision, attributes ?? null)).toMatchObject({ status: "identical" });
    }
  }, 60_000);

  it("show a row that was altered in the database, at the right gate", async () => {
    const decision = (await recorded()).find(({ reason }) => reason === "experiment_assigned");
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<object>(
      "UPDATE decisions SET variant_id = $2 WHERE decision_id = $1 RETURNING variant_id",
      [decision?.decisionId, id("b", 1)],
    );
    expect(rows).toHaveLength(1);
    await client.end();
    const altered = await runtime.records.find(environmentId, decision?.decisionId ?? "");
    if (altered === null) throw new Error("The altered decision is gone.");
    expect(await runtime.records.replay(altered, null)).toMatchObject({
      status: "differs",
      gate: "variant",
      recorded: { variantId: id("b", 1) },
      replayed: { variantId: decision?.variantId },
    });
    // Even where the attributes are not on record.
    const unknown = { ...altered, attributesDigest: null };
    expect(await runtime.records.replay(unknown, null)).toMatchObject({ status: "differs", gate: "variant" });
  });

  it("let an erased subject be decided afresh, whatever was kept of it", async () => {
    const subjectId = "somebody";
    const decide = async (): Promise<string | null> =>
      (await runtime.decider.decideForFlag("flag-0", { subject: { id: subjectId, attributes: {} } })).variantId;
    version += 1;
    const sticky = {
      ...experiment(0, version),
      status: "running" as const,
      targetingRules: null,
      stickyAssignment: true,
    };
    const whole = { ...sticky, trafficAllocation: 10_000 };
    await runtime.storage.configuration.apply(
      environmentId,
      { putFlags: [{ ...flag(0, version), enabled: true }], putExperiments: [whole], removeDomainIds: [id("d", 0)] },
      version - 1,
    );
    await runtime.snapshots.refresh(environmentId);
    const kept = await decide();
    // All the weight moves to the other variant; a sticky subject stays, one that nobody knows gets what there is now.
    version += 1;
    const variants = whole.variants.map((each) => ({ ...each, weight: each.id === kept ? 0 : 1_000 }));
    await runtime.storage.configuration.apply(
      environmentId,
      { putExperiments: [{ ...whole, version, variants }] },
      version - 1,
    );
    await runtime.snapshots.refresh(environmentId);
    expect(await decide()).toBe(kept);
    const erasure = await runtime.records.erase({ environmentId, subjectId }, systemActor("a test"));
    expect(erasure).toMatchObject({ by: "lotty", decisions: 2, assignments: 1 });
    expect(await decide()).toBe(variants.find((each) => each.weight > 0)?.id);
    const page = await runtime.records.subject({ environmentId, subjectId }, { days: 1, decisions: 10 });
    expect(page).toMatchObject({
      lastDecisions: { length: 1 },
      erasures: [erasure],
      standing: { assignments: { length: 1 } },
    });
  });
});
