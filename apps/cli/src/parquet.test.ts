import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EXPOSURE_EVENT_TYPE, type EventRecord } from "@lotty/domain";
import { samplePlan } from "@lotty/testkit/suites/analysis-plans";
import { sampleLink } from "@lotty/testkit/suites/control-plane-store";
import { assigningDecision } from "@lotty/testkit/suites/decision-store-fixture";
import { sampleMetric, sampleMetricDefinition } from "@lotty/testkit/suites/metric-catalogue";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withRuntime } from "./sources/with-runtime.ts";
import { capturedTerminal, type CommandResult, runCommand } from "./testing/captured-terminal.ts";

const demo = fileURLToPath(new URL("../../../demo/lotty.yaml", import.meta.url));
const START = (Date.now() - 10 * 86_400_000) * 1_000;
const SUBJECTS = 240;

let directory = "";

function world(): { readonly env: Readonly<Record<string, string>> } {
  return { env: { LOTTY_DATA_DIR: join(directory, "data") } };
}

function lotty(...args: readonly string[]): Promise<CommandResult> {
  return runCommand(args, world());
}

/** Subjects that were exposed, half of whom bought something, and a plan that asks for it. Nothing is measured yet. */
async function record(): Promise<void> {
  await withRuntime(capturedTerminal(world()).terminal, async ({ storage }, environmentId) => {
    const { experiments, revision } = await storage.control.store.load(environmentId);
    const experiment = experiments.find(({ key }) => key === "search-density");
    if (experiment === undefined) throw new Error("The demo has this experiment.");
    const numerator = { eventType: "purchase", filter: null, valueProperty: null };
    const fields = { numerator, denominator: null, winsorizing: null, dropsZeros: false, covariateDays: 0 };
    const definition = sampleMetricDefinition({ ...fields, kind: "sum", windowHours: 24 });
    const metric = sampleMetric({ key: "orders", environmentId, definition });
    const primary = [{ metricId: metric.id, metricVersion: 1 }];
    const plan = samplePlan(experiment.id, { primary, secondary: [], guardrails: [] });
    const changes = { putMetrics: [metric], putAnalysisPlans: [plan], audit: sampleLink("test.plan") };
    await storage.control.store.commit(environmentId, { configuration: {}, ...changes }, revision);
    const decisions = Array.from({ length: SUBJECTS }, (_, index) =>
      assigningDecision({ environmentId, subjectId: `s${index}` }, experiment.id, {
        variantId: experiment.variants[index % experiment.variants.length]?.id ?? "",
        decidedAt: START,
      }),
    );
    await storage.sink.write(decisions);
    const events = decisions.flatMap(({ decisionId, subjectId }, index): readonly EventRecord[] => {
      const event = { environmentId, subjectId, receivedAt: Date.now() * 1_000, properties: { country: "NO" } };
      const exposure = { ...event, eventId: `e${index}`, eventType: EXPOSURE_EVENT_TYPE, decisionId, value: null };
      const purchase = { ...event, eventId: `p${index}`, eventType: "purchase", decisionId: null, value: index / 7 };
      const exposed = { ...exposure, occurredAt: START + 1 };
      return index % 2 === 0 ? [exposed] : [exposed, { ...purchase, occurredAt: START + 2 }];
    });
    await storage.events.recorder.record(events);
  });
}

async function measure(): Promise<void> {
  await withRuntime(capturedTerminal(world()).terminal, ({ measures }) =>
    measures.folding.run(async (steps) => {
      await steps.noteMetrics();
      while ((await steps.queueEarlier(100)) || (await steps.foldSubjects(100)) > 0);
      await steps.advanceWatermark(0);
    }),
  );
}

/** What a report says, but for when it was made and the last digits of numbers. */
function told({ out }: CommandResult): unknown {
  return JSON.parse(out, (name, value: unknown) => {
    if (name === "at") return undefined;
    return typeof value === "number" ? Number(value.toPrecision(9)) : value;
  });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lotty-parquet-"));
  await lotty("apply", demo);
  await record();
}, 60_000);
afterAll(async () => rm(directory, { recursive: true, force: true }));

// One story on one database: making an embedded database takes seconds.
describe("measures in Parquet files, on an embedded database", { timeout: 120_000 }, () => {
  it("are written once there are any, and give the results that the database gives", async () => {
    const out = join(directory, "measures");
    const parquet = ["export", "parquet", "--experiment", "search-density", "--out", out];
    expect(await lotty(...parquet)).toMatchObject({ code: 3, out: "" });
    await measure();
    const exported = await lotty(...parquet);
    expect(exported).toMatchObject({ code: 0, talk: "" });
    expect(exported.out).toContain(`Exported ${SUBJECTS} exposed subjects`);
    expect(exported.out).toContain(`orders (version 1): ${SUBJECTS} measures`);
    expect(await lotty(...parquet)).toMatchObject({ code: 3 });

    const asked = ["results", "search-density", "--segment", "country", "--json"];
    const [fromDatabase, fromFiles] = [await lotty(...asked), await lotty(...asked, "--parquet", out)];
    expect(fromFiles.code).toBe(0);
    expect(told(fromFiles)).toStrictEqual(told(fromDatabase));
    expect(await lotty("results", "pricing-page-annual-first", "--parquet", directory)).toMatchObject({ code: 3 });
  });

  it("are a part of export that leaves the rest of it as it is", async () => {
    const { code, out } = await lotty("export", "--json");
    expect([code, out.includes("search-density")]).toEqual([0, true]);
    expect(await lotty("results", "search-density", "--parquet", "x", "--url", "http://x")).toMatchObject({ code: 2 });
  });
});
