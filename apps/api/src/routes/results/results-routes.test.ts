import { reportSchema } from "@lotty/contracts/analysis";
import { DEFAULT_ENVIRONMENT_ID, MICROS_PER_DAY, type Metric } from "@lotty/domain";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { MemoryControlPlaneStore } from "@lotty/testkit/fakes/memory-control-plane-store";
import { MemoryMeasures } from "@lotty/testkit/fakes/memory-measures";
import { plainAuditLinker } from "@lotty/testkit/fakes/plain-audit-linker";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { samplePlan } from "@lotty/testkit/suites/analysis-plans";
import { sampleExperiment, sampleFlag } from "@lotty/testkit/suites/decision-store-fixture";
import { sampleMetric, sampleMetricDefinition } from "@lotty/testkit/suites/metric-catalogue";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memoryResults } from "../../testing/memory-results.ts";
import { ScriptedDecider } from "../../testing/scripted-decider.ts";
import { type ServedForTest, serveForTest } from "../../testing/serve-for-test.ts";

const START = Date.parse("2026-11-01T00:00:00Z") * 1_000;
const environmentId = DEFAULT_ENVIRONMENT_ID;

describe("results over HTTP", () => {
  const flag = sampleFlag();
  const experiment = sampleExperiment(flag.id, { key: "=green", status: "running", updatedAt: START });
  const [treatment, control] = ["treatment", "control"].map(
    (name) => experiment.variants.find((variant) => variant.name === name)?.id ?? "",
  );
  const definition = sampleMetricDefinition({
    kind: "conversion",
    denominator: null,
    covariateDays: 0,
    winsorizing: null,
  });
  const orders: Metric = sampleMetric({
    key: "orders",
    definition: { ...definition, dropsZeros: false, higherIsBetter: true, windowHours: 24 },
  });
  const path = `/v1/experiments/${experiment.id}/results`;
  let served: ServedForTest;

  beforeAll(async () => {
    const store = new MemoryControlPlaneStore();
    const actor = { id: "ada", name: "Ada", roles: [], kind: "user", from: null } as const;
    const entity = { kind: "experiment", id: experiment.id, key: experiment.key } as const;
    const audit = plainAuditLinker([{ action: "test", entity, before: null, after: null }], {
      actor,
      at: 1,
      environmentId,
    });
    const primary = [{ metricId: orders.id, metricVersion: orders.version }];
    const plan = samplePlan(experiment.id, {
      primary,
      secondary: [],
      guardrails: [],
      segments: [],
      plannedSubjects: null,
    });
    const { revision } = await store.load(environmentId);
    const configuration = { putFlags: [flag], putExperiments: [experiment] };
    await store.commit(
      environmentId,
      { configuration, putMetrics: [orders], putAnalysisPlans: [plan], audit },
      revision,
    );
    const measures = new MemoryMeasures();
    measures.watermark = START + 30 * MICROS_PER_DAY;
    measures.set(
      experiment.id,
      Array.from({ length: 4_000 }, (_, index) => ({
        subjectId: `s${String(index).padStart(5, "0")}`,
        variantId: (index % 2 === 0 ? control : treatment) ?? "",
        exposedAt: START + Math.floor((index / 4_000) * 14 * MICROS_PER_DAY),
        measures: { orders: { value: index % 10 < (index % 2 === 0 ? 3 : 6) ? 1 : 0 } },
      })),
    );
    const clock = new ManualClock(measures.watermark);
    const results = memoryResults({ store, measures, clock });
    served = await serveForTest({
      decider: new ScriptedDecider(),
      logger: new RecordingLogger(),
      results: () => results,
    });
  });
  afterAll(() => served.close(0));

  async function get(rest: string): Promise<{ readonly status: number; readonly type: string; readonly text: string }> {
    const response = await fetch(`${served.url}${rest}`);
    return { status: response.status, type: response.headers.get("content-type") ?? "", text: await response.text() };
  }

  it("are what their schema says, with a verdict", async () => {
    const { status, text } = await get(path);
    expect(status).toBe(200);
    const report = reportSchema.parse(JSON.parse(text));
    expect(report.verdict).toMatchObject({ verdict: "ship", variant_id: treatment });
    expect(report.metrics[0]?.variants[1]?.effect?.looks.length).toBeGreaterThan(10);
    expect((await get(`/v1/experiments/${environmentId}/results`)).status).toBe(404);
  });

  it("are cut by time and variant, without a verdict", async () => {
    const cut = await get(`${path}?from=2026-11-02&to=2026-11-09&variants=${control ?? ""}`);
    const report = reportSchema.parse(JSON.parse(cut.text));
    expect(report).toMatchObject({ exploratory: true, verdict: { verdict: "exploratory" } });
    expect(report.metrics[0]?.variants).toHaveLength(1);
    expect((await get(`${path}?from=yesterday`)).status).toBe(400);
  });

  it("stand beside beliefs for whoever states a prior", async () => {
    const report = reportSchema.parse(JSON.parse((await get(`${path}?prior=0.1`)).text));
    expect(report).toMatchObject({ prior_sd: 0.1, verdict: { verdict: "ship", variant_id: treatment } });
    expect(report.metrics[0]?.variants[1]?.belief?.best).toBeGreaterThan(0.99);
    expect((await get(`${path}?prior=0`)).status).toBe(400);
    expect((await get(`${path}?prior=many`)).status).toBe(400);
  });

  it("go into files that no spreadsheet takes for formulas", async () => {
    const { text, type } = await get(`${path}/export`);
    expect(type).toBe("text/csv; charset=utf-8");
    const [head, first] = text.split("\r\n");
    expect(head).toMatch(/^"experiment","plan_hash","metric"/);
    expect(first).toMatch(/^"'=green",/);
    const { text: json, type: jsonType } = await get(`${path}/export?format=json`);
    expect(jsonType).toBe("application/json");
    expect(reportSchema.parse(JSON.parse(json)).experiment).toBe("=green");
  });

  it.each(["forest", "cumulative", "funnel"])("are drawn as a plot (%s)", async (plot) => {
    const { status, text, type } = await get(`${path}/plots/${plot}.svg`);
    expect([status, type]).toStrictEqual([200, "image/svg+xml"]);
    expect(text).toMatch(/^<svg /);
  });

  it("open into the ledger, page by page", async () => {
    const { text } = await get(`${path}/ledger?metric=orders&variant=${control ?? ""}&limit=2`);
    const page: unknown = JSON.parse(text);
    expect(page).toMatchObject({ lines: [{ subject_id: "s00000", outcome: "counted" }, {}], next: "s00002" });
    expect((await get(`${path}/ledger?metric=nothing&variant=${control ?? ""}`)).status).toBe(404);
  });

  it("are planned for, with what was taken from where", async () => {
    const ask = async (body: object): Promise<{ readonly status: number; readonly body: unknown }> => {
      const response = await fetch(`${served.url}/v1/power`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() };
    };
    const planned = await ask({ baseline: { mean: 10, sd: 20 }, minimum_effect: 0.05, subjects_per_day: 1_000 });
    // 2 ((1.96 + 0.84) 20 / 0.5)², and 5.3% for 51 daily looks.
    expect(planned).toMatchObject({ status: 200, body: { per_arm: 26_436, days: 53 } });
    expect((await ask({ metric: "orders", minimum_effect: 0.05 })).status).toBe(400);
    expect((await ask({ baseline: { mean: 0, sd: 1 } })).status).toBe(400);
  });
});
