import { DEFAULT_ENVIRONMENT_ID, MICROS_PER_DAY, type AnalysisPlan, type ExperimentReport } from "@lotty/domain";
import { compareMeans, momentsOf } from "@lotty/stats";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { MemoryControlPlaneStore } from "@lotty/testkit/fakes/memory-control-plane-store";
import { MemoryMeasures, type MeasuredSubject } from "@lotty/testkit/fakes/memory-measures";
import { plainAuditLinker } from "@lotty/testkit/fakes/plain-audit-linker";
import { sampleExperiment, sampleFlag } from "@lotty/testkit/suites/decision-store-fixture";
import { beforeEach, describe, expect, it } from "vitest";
import { createBoundsSource } from "../looks/sequential-bounds.ts";
import { SeededRandom } from "../testing/random.ts";
import { sampleMetric, samplePlan, START } from "../testing/sample-experiment.ts";
import { createResults, type Results } from "./create-results.ts";

const environmentId = DEFAULT_ENVIRONMENT_ID;
const ORDERS = sampleMetric("orders", { covariateDays: 7, windowHours: 24 });
const LATENCY = sampleMetric("latency", { kind: "quantile", quantile: 0.9, higherIsBetter: false });

describe("results", () => {
  const clock = new ManualClock(START + 20 * MICROS_PER_DAY);
  let store: MemoryControlPlaneStore;
  let measures: MemoryMeasures;
  let results: Results;
  let experiment: ReturnType<typeof sampleExperiment>;
  let control: string;
  let treatment: string;

  beforeEach(async () => {
    store = new MemoryControlPlaneStore();
    measures = new MemoryMeasures();
    measures.watermark = START + 20 * MICROS_PER_DAY;
    const flag = sampleFlag();
    experiment = sampleExperiment(flag.id, { status: "running", updatedAt: START });
    control = experiment.variants.find(({ isControl }) => isControl)?.id ?? "";
    treatment = experiment.variants.find(({ isControl }) => !isControl)?.id ?? "";
    await commit({ configuration: { putFlags: [flag], putExperiments: [experiment] } });
    const known = [ORDERS, LATENCY];
    results = createResults({
      store,
      plans: store,
      history: {
        experimentWritings: (_, id) =>
          Promise.resolve(id === experiment.id ? [{ experiment, at: START + 5 * MICROS_PER_DAY }] : []),
      },
      metrics: {
        list: () => Promise.resolve(known),
        find: (_, id, version) =>
          Promise.resolve(known.find((metric) => metric.id === id && metric.version === version)),
      },
      moments: measures,
      funnel: measures,
      clock,
      planHash: () => "hash",
      boundsOf: createBoundsSource(),
      breathe: () => Promise.resolve(),
      exclusions: () => Promise.resolve({ participationLimit: 3, domainConflict: 2, decisions: 100 }),
    });
  });

  async function commit(change: Omit<Parameters<MemoryControlPlaneStore["commit"]>[1], "audit">): Promise<void> {
    const { revision } = await store.load(environmentId);
    const actor = { id: "ada", name: "Ada", roles: [], kind: "user", from: null } as const;
    const entity = { kind: "experiment", id: experiment.id, key: "e" } as const;
    const draft = { action: "test", entity, before: null, after: null };
    const audit = plainAuditLinker([draft], { actor, at: START, environmentId });
    await store.commit(environmentId, { ...change, audit }, revision);
  }

  async function planned(fields: Partial<AnalysisPlan> = {}): Promise<void> {
    const plan = samplePlan({ experimentId: experiment.id, durationDays: 10, looking: "fixed", ...fields });
    await commit({ putAnalysisPlans: [plan] });
  }

  /** Subjects over twelve days; every tenth is never exposed, every fiftieth in several variants. */
  function subjects(count: number, effect: number): readonly MeasuredSubject[] {
    const random = new SeededRandom(99);
    return Array.from({ length: count }, (_, index) => {
      const isTreated = index % 2 === 1;
      const before = 10 + 2 * random.normal();
      const value = before + random.normal() + (isTreated ? effect : 0);
      return {
        subjectId: `s${String(index).padStart(6, "0")}`,
        variantId: isTreated ? treatment : control,
        exposedAt: Math.floor(index / 2) % 10 === 9 ? null : START + Math.floor((index / count) * 12 * MICROS_PER_DAY),
        several: Math.floor(index / 2) % 50 === 1,
        segments: { country: index % 4 < 2 ? "DE" : "AT" },
        measures: {
          orders: { value, covariate: before },
          latency: { value: 0, values: [100 * random.uniform(), 100 * random.uniform() + (isTreated ? 30 : 0)] },
        },
      };
    });
  }

  async function report(question: object = {}): Promise<ExperimentReport> {
    const found = await results.report({ environmentId, experimentId: experiment.id, ...question });
    if (found === undefined) throw new Error("no report");
    return found;
  }

  it("conclude nothing without a plan, and know nothing of what is not there", async () => {
    expect(await report()).toMatchObject({ verdict: { verdict: "no_plan" }, plan: null, metrics: [], trust: [] });
    expect((await report()).interventions).toMatchObject([{ at: START + 5 * MICROS_PER_DAY, kind: "started" }]);
    expect(await results.report({ environmentId, experimentId: environmentId })).toBeUndefined();
  });

  it("are the same numbers as those computed from the raw values", async () => {
    await planned();
    const all = subjects(4_000, 0.2);
    measures.set(experiment.id, all);
    const { metrics, verdict, watermark } = await report();
    const [orders] = metrics;
    const effect = orders?.variants.find(({ variantId }) => variantId === treatment)?.effect;
    // By hand: exposed once, within ten whole days.
    const counted = all.filter(
      ({ exposedAt, several }) => exposedAt !== null && several !== true && exposedAt < START + 10 * MICROS_PER_DAY,
    );
    const valuesOf = (variantId: string): readonly number[] =>
      counted
        .filter((subject) => subject.variantId === variantId)
        .map(({ measures: { orders: own } }) => own?.value ?? 0);
    const [c, t] = [momentsOf(valuesOf(control)), momentsOf(valuesOf(treatment))];
    expect(orders?.variants.map(({ n, value }) => [n, value])).toStrictEqual([
      [c.n, expect.closeTo(c.mean ?? 0, 10)],
      [t.n, expect.closeTo(t.mean ?? 0, 10)],
    ]);
    const plain = compareMeans({ control: c, treatment: t }, { alpha: 0.05 });
    if (plain.status !== "ok" || typeof effect?.se !== "number") throw new Error("not compared");
    // The covariate takes four fifths of the variance away.
    expect(effect.varianceReduction).toBeCloseTo(0.8, 1);
    expect(effect.se / plain.se).toBeCloseTo(Math.sqrt(1 - (effect.varianceReduction ?? 0)), 10);
    expect(orders?.through).toBe("2026-11-10");
    expect(verdict.verdict).toBe("ship");
    expect(watermark).toBe(measures.watermark);
  });

  it("measure whole days only: what is exposed later counts when its window is over", async () => {
    await planned({ looking: "always_valid", minimumSubjects: 2 });
    measures.set(experiment.id, subjects(2_400, 0));
    measures.watermark = START + 4.5 * MICROS_PER_DAY;
    const { metrics } = await report();
    // Day 1 to 3 are over with their windows of a day; day 4 is not.
    expect(metrics[0]?.through).toBe("2026-11-03");
    expect(metrics[0]?.variants[1]?.effect?.looks.map(({ day }) => day)).toStrictEqual([
      "2026-11-01",
      "2026-11-02",
      "2026-11-03",
    ]);
  });

  it("split the very subjects of the numbers, and explore cuts without a verdict", async () => {
    await planned({ segments: ["country"] });
    measures.set(experiment.id, subjects(4_000, 0.2));
    const whole = await report();
    const [orders] = whole.metrics;
    const split = orders?.segments[0]?.segments ?? [];
    expect(split.map(({ segment }) => segment)).toStrictEqual(["AT", "DE"]);
    const inSegments = split.reduce((sum, { nControl, nTreatment }) => sum + nControl + nTreatment, 0);
    expect(inSegments).toBe(orders?.variants.reduce((sum, { n }) => sum + n, 0));
    const cut = await report({ from: START + 2 * MICROS_PER_DAY, to: START + 4 * MICROS_PER_DAY });
    expect(cut).toMatchObject({ exploratory: true, verdict: { verdict: "exploratory" } });
    expect(cut.metrics[0]?.variants[0]?.n).toBeLessThan(orders?.variants[0]?.n ?? 0);
  });

  it("say that a segment has too many values to split by", async () => {
    await planned({ segments: ["country", "session"] });
    const all = subjects(4_000, 0.2).map((subject) => ({
      ...subject,
      segments: { ...subject.segments, session: subject.subjectId },
    }));
    measures.set(experiment.id, all);
    const { metrics } = await report();
    expect(metrics[0]?.limitation).toBe('Not split by "session": there are more than 1000 values of it.');
    expect(metrics[0]?.segments.map(({ name }) => name)).toStrictEqual(["country"]);
  });

  it("take quantiles from the values of all events", async () => {
    await planned({ secondary: [{ metricId: "latency", metricVersion: 1 }] });
    measures.set(experiment.id, subjects(4_000, 0));
    const { metrics } = await report();
    const [c, t] = metrics[1]?.variants ?? [];
    expect(c?.value).toBeCloseTo(90, -1);
    expect(t?.effect).toMatchObject({ status: "ok", significant: true, better: false });
    expect(metrics[1]?.through).toBe("2026-11-10");
    expect(t?.effect?.looks.map(({ day }) => day)).toStrictEqual(
      metrics[0]?.variants[1]?.effect?.looks.map(({ day }) => day),
    );
  });

  it("check trust with what was decided, exposed and kept out", async () => {
    await planned();
    measures.set(experiment.id, subjects(4_000, 0.2));
    const { funnel, trust } = await report();
    expect(trust.map(({ check, light }) => [check, light])).toStrictEqual([
      ["sample_ratio", "green"],
      ["sample_ratio_sequential", "green"],
      ["several_variants", "amber"],
      ["differential_exposure", "green"],
      ["differential_attribution", "green"],
      ["pre_period_balance", "green"],
      ["exclusions", "green"],
    ]);
    expect(funnel[0]).toMatchObject({ decided: 2_000 });
  });

  it("open into the ledger, page by page", async () => {
    await planned();
    measures.set(experiment.id, subjects(100, 0));
    const question = { environmentId, experimentId: experiment.id, metric: "orders", variantId: control, limit: 30 };
    const first = await results.ledger({ ...question, after: null });
    const second = await results.ledger({ ...question, after: first?.next ?? null });
    expect(first?.lines).toHaveLength(30);
    expect(second?.lines).toHaveLength(20);
    expect(second?.next).toBeNull();
    expect(await results.ledger({ ...question, metric: "other", after: null })).toBeUndefined();
  });
});
