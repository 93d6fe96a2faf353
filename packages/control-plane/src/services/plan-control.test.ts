import {
  DEFAULT_ENVIRONMENT_ID,
  GUARDRAIL_DEFAULTS,
  type Guardrail,
  type GuardrailChange,
  type Metric,
} from "@lotty/domain";
import { memoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { sampleMetric, sampleMetricDefinition } from "@lotty/testkit/suites/metric-catalogue";
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

  async function putGuardrails(guardrails: GuardrailChange): Promise<void> {
    const entity = { kind: "guardrail" as const, id: "any", key: "any" };
    const put = () => ({
      status: "planned" as const,
      change: { guardrails },
      audit: [{ action: "guardrail.put", entity, before: null, after: null }],
      result: null,
    });
    done(await runCommand(fixture.ports, { ...by(EVE), permission: "experiment.edit" }, put));
  }

  function watching(experimentId: string): Promise<readonly Guardrail[]> {
    return fixture.ports.guardrails.list(DEFAULT_ENVIRONMENT_ID, experimentId);
  }

  /** An experiment with a plan, and maybe a guardrail, that has been started. */
  async function launchedWith(planned: PlanFields, guardrail?: Guardrail): Promise<string> {
    const { experiment } = await drafted(fixture);
    const experimentId = experiment.id;
    const command = { ...by(EVE), experimentId };
    const numbers = { minimumSubjects: 40, plannedSubjects: 9_000 };
    done(await fixture.plans.put({ ...command, fields: { ...numbers, ...planned } }));
    if (guardrail !== undefined) await putGuardrails({ put: [{ ...guardrail, experimentId }] });
    const submitted = done(await fixture.experiments.submit(command));
    const expectedVersion = submitted.experiment.version;
    done(await fixture.experiments.approve({ ...command, ...by(ANN), expectedVersion, comment: null }));
    done(await fixture.experiments.start(command));
    return experimentId;
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
    expect(actions.slice(-3)).toStrictEqual(["experiment.start", "analysis_plan.freeze", "guardrail.create"]);
  });

  it("have their guardrail metrics watched from the start on, with the plan's margin, and stop nothing", async () => {
    const experimentId = await launchedWith(fields);
    expect(await watching(experimentId)).toMatchObject([
      {
        metricId: refunds.id,
        metricVersion: 1,
        rule: {
          action: "notify",
          margin: 0.02,
          marginKind: "relative",
          alpha: 0.05,
          minimumSubjects: 40,
          tunedFor: 9_000,
        },
      },
    ]);
  });

  it("leave alone what is watched already, and what no guardrail can watch", async () => {
    const latency = sampleMetric({
      key: "latency",
      definition: sampleMetricDefinition({ kind: "quantile", denominator: null, quantile: 0.95, winsorizing: null }),
    });
    await putMetrics(latency);
    const guardrails = [...(fields.guardrails ?? []), { metric: "latency", margin: 0.1 }];
    const strict: Guardrail = {
      id: "01a203d3-6d24-7000-8000-0000000000aa",
      experimentId: "",
      metricId: refunds.id,
      metricVersion: 1,
      rule: { ...GUARDRAIL_DEFAULTS, margin: 0.5, action: "pause" },
      armedAt: null,
      version: 1,
      updatedAt: 0,
    };
    const experimentId = await launchedWith({ ...fields, guardrails }, strict);
    expect(await watching(experimentId)).toStrictEqual([{ ...strict, experimentId }]);
    const { warnings } = done(await fixture.experiments.standing({ ...by(EVE), experimentId }));
    expect(warnings.map(({ code }) => code)).toContain("unwatchable_guardrail");
  });

  it("have what they name for the first time after the start watched, and nothing that people have taken away", async () => {
    const clicks = sampleMetric({ key: "clicks" });
    await putMetrics(clicks);
    const experimentId = await launchedWith(fields);
    const [made] = await watching(experimentId);
    await putGuardrails({ removeIds: [made?.id ?? ""] });
    const command = { ...by(EVE), experimentId };
    done(await fixture.plans.put({ ...command, fields: { ...fields, alpha: 0.1 } }));
    expect(await watching(experimentId)).toStrictEqual([]);
    const guardrails = [...(fields.guardrails ?? []), { metric: "clicks", margin: 0.3 }];
    done(await fixture.plans.put({ ...command, fields: { ...fields, guardrails } }));
    expect(await watching(experimentId)).toMatchObject([
      { metricId: clicks.id, rule: { action: "notify", margin: 0.3 } },
    ]);
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
