import {
  DEFAULT_ENVIRONMENT_ID,
  type Configuration,
  type Experiment,
  type Flag,
  type FlagRule,
  type JsonObject,
  type Segment,
} from "@lotty/domain";
import { bucketOf, compileSnapshot } from "@lotty/engine";
import { KeepingDecisionCache } from "@lotty/testkit/fakes/keeping-decision-cache";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { MemoryDecisionStore } from "@lotty/testkit/fakes/memory-decision-store";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { RecordingMetrics } from "@lotty/testkit/fakes/recording-metrics";
import { SequentialIds } from "@lotty/testkit/fakes/sequential-ids";
import { parseGeneratedRule, TEST_NOW } from "@lotty/testkit/generators/configuration";
import { beforeEach, describe, expect, test } from "vitest";
import { createDecider } from "./create-decider.ts";
import type { Decider } from "./decider.ts";

let store: MemoryDecisionStore;
let cache: KeepingDecisionCache;
let metrics: RecordingMetrics;
let logger: RecordingLogger;

beforeEach(() => {
  store = new MemoryDecisionStore();
  cache = new KeepingDecisionCache();
  metrics = new RecordingMetrics();
  logger = new RecordingLogger();
});

function deciderOf(configuration: Configuration): Decider {
  const snapshot = compileSnapshot(configuration, { parseRule: parseGeneratedRule });
  return createDecider({
    snapshots: { current: () => snapshot, refresh: async () => snapshot },
    history: store.history,
    historyCache: null,
    historyCacheTtlSeconds: 0,
    cache,
    cacheTtlSeconds: 60,
    recorder: store,
    queue: null,
    writeMode: "sync",
    clock: new ManualClock(TEST_NOW),
    ids: new SequentialIds(),
    metrics,
    logger,
  });
}

const GERMANS: Segment = { id: "s-1", key: "germans", rule: 'country == "DE"', version: 1, updatedAt: TEST_NOW };
const RULE: FlagRule = { id: "r-1", targetingRules: 'country == "DE"', value: "gold", rollout: 10_000 };

/** A flag whose experiment takes nobody: its allocation is 0, so that its outcomes are kept. */
function closedExperiment(change: {
  readonly flag?: Partial<Flag>;
  readonly experiment?: Partial<Experiment>;
  readonly segments?: readonly Segment[];
}): Configuration {
  return {
    environmentId: DEFAULT_ENVIRONMENT_ID,
    revision: 1,
    flags: [
      {
        id: "f-1",
        key: "flag",
        valueType: "string",
        defaultValue: "off",
        enabled: true,
        rules: [RULE],
        version: 1,
        updatedAt: TEST_NOW,
        ...change.flag,
      },
    ],
    experiments: [
      {
        id: "e-1",
        key: "experiment",
        flagId: "f-1",
        status: "running",
        version: 1,
        updatedAt: TEST_NOW,
        targetingRules: null,
        trafficAllocation: 0,
        variants: [{ id: "v-1", name: "on", value: "on", weight: 100, isControl: false }],
        hashVersion: 1,
        stickyAssignment: false,
        ...change.experiment,
      },
    ],
    domains: [],
    segments: change.segments ?? [],
  };
}

const german = { country: "DE" };

async function ask(decider: Decider, attributes: JsonObject = german): Promise<object> {
  return decider.decideForFlag("flag", { subject: { id: "user-1", attributes } });
}

describe("a decision whose value a rule gives", () => {
  test("names the rule in the answer and in the record, and keeps the reason", async () => {
    const expected = { value: "gold", reason: "outside_traffic_allocation", ruleId: "r-1", experimentId: "e-1" };
    expect(await ask(deciderOf(closedExperiment({})))).toMatchObject({ ...expected, variantId: null });
    expect(store.decisions).toMatchObject([expected]);
  });

  test("is the same when the gates' outcome comes from the cache", async () => {
    const decider = deciderOf(closedExperiment({}));
    const first = await ask(decider);
    expect(first).toMatchObject({ source: "computed", ruleId: "r-1" });
    expect(await ask(decider)).toMatchObject({ source: "cache", value: "gold", ruleId: "r-1" });
    expect([...cache.entries.values()]).toEqual([
      { reason: "outside_traffic_allocation", experimentId: "e-1", variantId: null },
    ]);
  });

  test("follows the rules of the moment, also where the cache still knows the gates' outcome", async () => {
    await ask(deciderOf(closedExperiment({})));
    // As after a restore of the database: other rules under the same version.
    const changed = closedExperiment({ flag: { rules: [{ ...RULE, id: "r-2", value: "silver" }] } });
    expect(await ask(deciderOf(changed))).toMatchObject({ source: "cache", value: "silver", ruleId: "r-2" });
  });

  test("follows a segment that changes, though neither flag nor rule does", async () => {
    const rules = [{ ...RULE, targetingRules: 'IN SEGMENT "germans"' }];
    const before = closedExperiment({ flag: { rules }, segments: [GERMANS] });
    expect(await ask(deciderOf(before))).toMatchObject({ ruleId: "r-1" });
    const after = { ...before, segments: [{ ...GERMANS, rule: 'country == "DE" AND age >= 18', version: 2 }] };
    expect(await ask(deciderOf(after))).toMatchObject({ source: "cache", value: "off", ruleId: null });
  });

  test("leaves a rollout to the bucket of the rule, from the cache as well", async () => {
    const rollout = bucketOf("user-1", "r-1", "rollout");
    const decider = deciderOf(closedExperiment({ flag: { rules: [{ ...RULE, rollout }] } }));
    expect(await ask(decider)).toMatchObject({ source: "computed", value: "off", ruleId: null });
    expect(await ask(decider)).toMatchObject({ source: "cache", value: "off", ruleId: null });
    const wider = deciderOf(closedExperiment({ flag: { rules: [{ ...RULE, rollout: rollout + 1 }] } }));
    expect(await ask(wider)).toMatchObject({ source: "cache", value: "gold" });
  });
});

test("an outcome is not taken from the cache when a segment of the experiment's own rule has changed", async () => {
  const sticky = { targetingRules: 'IN SEGMENT "germans"', stickyAssignment: true };
  const before = closedExperiment({ experiment: sticky, segments: [GERMANS] });
  expect(await ask(deciderOf(before))).toMatchObject({ reason: "outside_traffic_allocation" });
  const after = { ...before, segments: [{ ...GERMANS, rule: 'country == "DE" AND age >= 18', version: 2 }] };
  expect(await ask(deciderOf(after))).toMatchObject({ source: "computed", reason: "targeting_mismatch" });
});

test("a disabled flag gives the default value without looking at history or cache", async () => {
  await ask(deciderOf(closedExperiment({})));
  const decider = deciderOf(closedExperiment({ flag: { enabled: false } }));
  expect(await ask(decider)).toMatchObject({
    source: "computed",
    value: "off",
    reason: "flag_disabled",
    experimentId: null,
    ruleId: null,
  });
});

test("a rule of a flag that cannot be used is counted each time and logged once", async () => {
  const decider = deciderOf(closedExperiment({ flag: { rules: [{ ...RULE, targetingRules: "country ==" }, RULE] } }));
  await ask(decider);
  await ask(decider, {});
  expect(metrics.ruleFaults).toEqual(["parse", "parse"]);
  expect(logger.lines).toMatchObject([
    { event: "flag_rules_evaluation_error", fields: { flag: "flag", fault: "parse" } },
  ]);
});
