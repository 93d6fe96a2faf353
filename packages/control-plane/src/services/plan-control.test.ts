import type { Metric } from "@lotty/domain";
import { memoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { sampleMetric } from "@lotty/testkit/suites/metric-catalogue";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { planHash } from "../plans/plan-hash.ts";
import type { PlanFields } from "../plans/plan-fields.ts";
import {
  ANN,
  by,
  controlFixture,
  done,
  drafted,
  EVE,
  launched,
  person,
  refusalCodes,
} from "../testing/control-fixture.ts";
import { runCommand } from "./run-command.ts";

describe("analysis plans", () => {
  let fixture: ReturnType<typeof fixtureOf>;
  let orders: Metric;
  let refunds: Metric;
  beforeEach(async () => {
    fixture = fixtureOf();
    orders = sampleMetric({ key: "orders" });
    refunds = sampleMetric({ key: "refunds" });
    await putMetrics(orders, refunds);
  });

  function fixtureOf() {
    return controlFixture(memoryControlPorts());
  }

  async function putMetrics(...metrics: readonly Metric[]): Promise<void> {
    const put = () => ({
      status: "planned" as const,
      change: { putMetrics: metrics },
      audit: metrics.map(({ id, key }) => ({
        action: "metric.put",
        entity: { kind: "metric" as const, id, key },
        before: null,
        after: null,
      })),
      result: null,
    });
    done(await runCommand(fixture.ports, { ...by(EVE), permission: "experiment.edit" }, put));
  }

  const fields: PlanFields = { primary: ["orders"], guardrails: [{ metric: "refunds", margin: 0.02 }] };

  it("are made with defaults, the experiment's own duration among them", async () => {
    const { experiment } = await drafted(fixture, { plannedDays: 21 });
    const command = { ...by(EVE), experimentId: experiment.id };
    const { hash, plan } = done(await fixture.plans.put({ ...command, fields }));
    expect(plan).toMatchObject({
      primary: [{ metricId: orders.id, metricVersion: 1 }],
      guardrails: [{ metricId: refunds.id, metricVersion: 1, margin: 0.02 }],
      alpha: 0.05,
      durationDays: 21,
      looking: "group_sequential",
      version: 1,
      frozenAt: null,
    });
    expect(hash).toBe(planHash(plan));
    const found = await fixture.plans.find(command);
    expect(found).toMatchObject({ status: "done", result: { plan, deviations: [] } });
  });

  it("are frozen by the start, in its commit, with the versions that metrics have then", async () => {
    const { experiment } = await drafted(fixture);
    const command = { ...by(EVE), experimentId: experiment.id };
    done(await fixture.plans.put({ ...command, fields }));
    await putMetrics({ ...orders, version: 2 });
    const submitted = done(await fixture.experiments.submit(command));
    expect(submitted.warnings).toStrictEqual([]);
    const expectedVersion = submitted.experiment.version;
    done(await fixture.experiments.approve({ ...command, ...by(ANN), expectedVersion, comment: null }));
    const started = await fixture.experiments.start(command);
    const after = await fixture.plans.find(command);
    if (after.status !== "done") throw new Error("no plan");
    const { plan } = after.result;
    expect(plan.frozenAt).toBe(done(started).details.startedAt);
    expect(plan.primary).toStrictEqual([{ metricId: orders.id, metricVersion: 2 }]);
    const actions = fixture.ports.store.entries.map(({ action }) => action);
    expect(actions.slice(-2)).toStrictEqual(["experiment.start", "analysis_plan.freeze"]);
  });

  it("keep what is changed after the start as deviations, with who did it, and the versions as they were", async () => {
    const { experiment } = await drafted(fixture);
    const command = { ...by(EVE), experimentId: experiment.id };
    done(await fixture.plans.put({ ...command, fields }));
    const submitted = done(await fixture.experiments.submit(command));
    const expectedVersion = submitted.experiment.version;
    done(await fixture.experiments.approve({ ...command, ...by(ANN), expectedVersion, comment: null }));
    done(await fixture.experiments.start(command));
    await putMetrics({ ...orders, version: 2 });
    const changed = { ...fields, alpha: 0.1 };
    const { deviations, plan } = done(await fixture.plans.put({ ...command, fields: changed }));
    expect(plan.primary).toStrictEqual([{ metricId: orders.id, metricVersion: 1 }]);
    expect(deviations).toMatchObject([{ field: "alpha", planned: "0.05", now: "0.1", actorName: "eve" }]);
  });

  it("that are only made after the start say so", async () => {
    const { experiment } = await launched(fixture);
    const { deviations, plan } = done(await fixture.plans.put({ ...by(EVE), experimentId: experiment.id, fields }));
    expect(plan.frozenAt).not.toBeNull();
    expect(deviations).toMatchObject([{ field: "plan", now: "made after the start" }]);
  });

  it("are refused with everything that is wrong, to whom may not, and for a version that is gone", async () => {
    const { experiment } = await drafted(fixture);
    const command = { ...by(EVE), experimentId: experiment.id };
    const unknown = await fixture.plans.put({ ...command, fields: { primary: ["nothing"] } });
    expect(unknown).toMatchObject({ refusals: [{ code: "invalid_field", field: "primary" }] });
    const wrong = { primary: ["orders"], secondary: ["orders"], alpha: 0.5, power: 2, durationDays: 0.5 };
    const refusal = await fixture.plans.put({ ...command, fields: wrong });
    expect(refusal).toMatchObject({
      refusals: [{ field: "secondary" }, { field: "alpha" }, { field: "power" }, { field: "durationDays" }],
    });
    const viewer = await fixture.plans.put({ ...command, ...by(person("vic", "viewer")), fields });
    expect(refusalCodes(viewer)).toStrictEqual(["forbidden"]);
    done(await fixture.plans.put({ ...command, fields }));
    expect(refusalCodes(await fixture.plans.put({ ...command, fields }))).toStrictEqual(["nothing_changed"]);
    const stale = await fixture.plans.put({ ...command, expectedVersion: 7, fields: { primary: ["refunds"] } });
    expect(refusalCodes(stale)).toStrictEqual(["version_mismatch"]);
    const elsewhere = await fixture.plans.put({ ...command, experimentId: orders.id, fields });
    expect(refusalCodes(elsewhere)).toStrictEqual(["not_found"]);
  });

  it("are warned of at launch when they are missing, or name what is archived", async () => {
    const { experiment } = await drafted(fixture);
    const command = { ...by(EVE), experimentId: experiment.id };
    const codes = async (): Promise<readonly string[]> => {
      const standing = await fixture.experiments.standing(command);
      return standing.status === "done" ? standing.result.warnings.map(({ code }) => code) : [];
    };
    expect(await codes()).toStrictEqual(["missing_analysis_plan"]);
    done(await fixture.plans.put({ ...command, fields }));
    expect(await codes()).toStrictEqual([]);
    await putMetrics({ ...orders, version: 2, archivedAt: 1 });
    expect(await codes()).toStrictEqual(["archived_metric"]);
  });
});

describe("the hash of a plan", () => {
  const plan = {
    experimentId: "e",
    primary: [{ metricId: "m", metricVersion: 1 }],
    secondary: [],
    guardrails: [],
    alpha: 0.05,
    power: 0.8,
    minimumEffect: null,
    durationDays: 14,
    plannedSubjects: null,
    minimumSubjects: 100,
    looking: "fixed",
    correction: "holm",
    correctionScope: "primary",
    population: "exposed",
    segments: [],
    version: 1,
    updatedAt: 1,
    frozenAt: null,
  } as const;

  it("does not mind versions and times, and minds everything else", () => {
    expect(planHash({ ...plan, version: 2, updatedAt: 9, frozenAt: 9 })).toBe(planHash(plan));
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.4, noNaN: true }), fc.integer({ min: 1, max: 99 }), (alpha, days) => {
        const other = { ...plan, alpha, durationDays: days };
        expect(planHash(other) === planHash(plan)).toBe(alpha === 0.05 && days === 14);
      }),
    );
    expect(planHash({ ...plan, primary: [{ metricId: "m", metricVersion: 2 }] })).not.toBe(planHash(plan));
  });
});
