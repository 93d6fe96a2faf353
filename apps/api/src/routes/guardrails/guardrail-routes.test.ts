import {
  evaluationRoundSchema,
  experimentSchema,
  firingSchema,
  firingsSchema,
  guardrailSchema,
  guardrailsSchema,
  incidentSchema,
  rampSchema,
  rehearsalSchema,
} from "@lotty/contracts";
import { auditLinker } from "@lotty/control-plane";
import { DEFAULT_ENVIRONMENT_ID, systemActor, type Metric } from "@lotty/domain";
import { Uuid7Source } from "@lotty/runtime";
import { shareArm } from "@lotty/testkit/fakes/scripted-moments";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PersonForTest } from "../../testing/person-for-test.ts";
import { serveControl, type ServedControl } from "../../testing/serve-control.ts";

const METRIC: Metric = {
  id: "00000000-0000-7000-8000-00000000aaaa",
  environmentId: DEFAULT_ENVIRONMENT_ID,
  key: "purchase",
  name: "Purchase",
  description: null,
  owner: null,
  tags: [],
  definition: {
    kind: "conversion",
    numerator: { eventType: "purchase", filter: null, valueProperty: null },
    denominator: null,
    countsEvents: false,
    windowHours: 1,
    retentionFromDays: 0,
    quantile: null,
    winsorizing: null,
    dropsZeros: false,
    higherIsBetter: true,
    covariateDays: 0,
    practicalThreshold: null,
  },
  version: 1,
  updatedAt: 0,
  archivedAt: null,
};

let server: ServedControl;
let admin: PersonForTest;
let path: string;

beforeEach(async () => {
  server = await serveControl({ allowSelfApproval: true });
  admin = await server.person("root", ["admin"]);
  const { controlStore } = server;
  const { revision } = await controlStore.load(DEFAULT_ENVIRONMENT_ID);
  const entity = { kind: "metric", id: METRIC.id, key: METRIC.key } as const;
  const context = { actor: systemActor("test"), at: 1, environmentId: DEFAULT_ENVIRONMENT_ID };
  const audit = auditLinker(new Uuid7Source())([{ action: "metric.create", entity, before: null, after: {} }], context);
  await controlStore.commit(DEFAULT_ENVIRONMENT_ID, { putMetrics: [METRIC], audit }, revision);
  path = `/v1/experiments/${await draft()}`;
});

afterEach(() => server.close(0));

async function draft(): Promise<string> {
  const flag = await admin.ask("POST", "/v1/flags", { body: { key: "button", type: "string", default: "grey" } });
  const { id: flagId } = flag.body as { readonly id: string };
  const made = await admin.ask("POST", "/v1/experiments", {
    body: {
      key: "green-button",
      flag_id: flagId,
      traffic_allocation: "100.00",
      hypothesis: "Green is pressed more often",
      owner: "team checkout",
      planned_days: 14,
      variants: [
        { name: "control", value: "grey", weight: 50, is_control: true },
        { name: "green", value: "green", weight: 50 },
      ],
    },
  });
  return experimentSchema.parse(made.body).id;
}

async function experiment(): Promise<ReturnType<typeof experimentSchema.parse>> {
  return experimentSchema.parse((await admin.ask("GET", path)).body);
}

async function start(): Promise<void> {
  for (const action of ["submit", "approve", "start"]) {
    const { version } = await experiment();
    expect(await admin.ask("POST", `${path}/${action}`, { ifMatch: version, body: {} })).toMatchObject({ status: 200 });
  }
}

async function guard(action: string): Promise<ReturnType<typeof guardrailSchema.parse>> {
  const body = { metric_id: METRIC.id, margin: 0.05, action };
  const made = await admin.ask("POST", `${path}/guardrails`, { body });
  expect(made.status).toBe(201);
  return guardrailSchema.parse(made.body);
}

/** What subjects did, in so many of a thousand. */
async function measured(control: number, treatment: number): Promise<void> {
  const { variants } = await experiment();
  server.moments.arms = variants.map(({ id, is_control: isControl }) =>
    shareArm(id, isControl ? control : treatment, 1_000),
  );
}

describe("guardrails over HTTP", () => {
  it("are made with what is usual, changed, and taken away", async () => {
    const made = await guard("pause");
    expect(made).toMatchObject({ alpha: 0.05, minimum_subjects: 100, tuned_for: 5_000, margin_kind: "relative" });
    const one = `${path}/guardrails/${made.id}`;
    expect(await admin.ask("PATCH", one, { body: { margin: 0.1 } })).toMatchObject({ status: 428 });
    const edited = await admin.ask("PATCH", one, { ifMatch: 1, body: { margin: 0.1, action: "rollback" } });
    expect(guardrailSchema.parse(edited.body)).toMatchObject({ margin: 0.1, action: "rollback", version: 2 });
    expect(await admin.ask("PATCH", one, { ifMatch: 1, body: { margin: 0.2 } })).toMatchObject({ status: 412 });
    const listed = guardrailsSchema.parse((await admin.ask("GET", `${path}/guardrails`)).body);
    expect(listed.guardrails).toMatchObject([{ id: made.id, evaluation: null }]);
    expect(await admin.ask("DELETE", one, { ifMatch: 2 })).toMatchObject({ status: 204 });
    expect(await admin.ask("DELETE", one, { ifMatch: 2 })).toMatchObject({ status: 404 });
  });

  it("say what is wrong with a rule", async () => {
    const body = { metric_id: METRIC.id, margin: 0.05, action: "pause", alpha: 0.7 };
    expect(await admin.ask("POST", `${path}/guardrails`, { body })).toMatchObject({
      status: 422,
      body: { code: "invalid_field" },
    });
    const unknown = { ...body, action: "explode" };
    expect(await admin.ask("POST", `${path}/guardrails`, { body: unknown })).toMatchObject({ status: 400 });
  });

  it("stop a harmful experiment when asked to look, give its subjects control's value, and can be undone", async () => {
    await guard("rollback");
    const early = await admin.ask("POST", `${path}/guardrails/evaluate`, { body: {} });
    expect(early).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    await start();
    await measured(100, 20);
    const round = evaluationRoundSchema.parse(
      (await admin.ask("POST", `${path}/guardrails/evaluate`, { body: {} })).body,
    );
    expect(round).toMatchObject({ evaluated: true, guardrails: [{ evaluation: { state: "firing" } }] });
    expect(await experiment()).toMatchObject({ status: "paused", rolled_back: true });

    const { firings } = firingsSchema.parse((await admin.ask("GET", `${path}/firings`)).body);
    const one = `${path}/firings/${firings[0]?.id ?? ""}`;
    server.controlStore.guardrails.reachedSubjects = [{ variantId: METRIC.id, subjects: 7, decisions: 9 }];
    const incident = incidentSchema.parse((await admin.ask("GET", one)).body);
    expect(incident.reached).toEqual([{ variant_id: METRIC.id, subjects: 7, decisions: 9 }]);
    expect(incident.timeline.map(({ what }) => what)).toEqual([
      "The experiment was started.",
      "The guardrail fired; its action is to roll back.",
      "lotty: The experiment was rolled back to its control.",
    ]);

    const undone = await admin.ask("POST", `${one}/undo`, { body: { reason: "the metric was broken" } });
    expect(firingSchema.parse(undone.body).steps).toMatchObject([
      { kind: "acted" },
      { kind: "undone", actor_name: "root" },
    ]);
    expect(await experiment()).toMatchObject({ status: "running", rolled_back: false });
    expect(await admin.ask("POST", `${one}/undo`, { body: { reason: "again" } })).toMatchObject({ status: 422 });
  });

  it("know nothing of a firing of another experiment", async () => {
    expect(await admin.ask("GET", `${path}/firings/${METRIC.id}`)).toMatchObject({ status: 404 });
    expect(await admin.ask("GET", `${path}/firings/no-id`)).toMatchObject({ status: 404 });
  });
});

describe("a ramp plan over HTTP", () => {
  const body = { steps: [{ traffic_allocation: "1.00", hold_hours: 12 }, { traffic_allocation: 100 }] };

  it("is given before the start, held and released, and taken away", async () => {
    expect(await admin.ask("GET", `${path}/ramp`)).toMatchObject({ status: 404 });
    const put = await admin.ask("PUT", `${path}/ramp`, { body });
    expect(rampSchema.parse(put.body)).toMatchObject({
      steps: [
        { traffic_allocation: "1.00", hold_hours: 12 },
        { traffic_allocation: "100.00", hold_hours: 0 },
      ],
      version: 1,
    });
    expect(await experiment()).toMatchObject({ traffic_allocation: "1.00", version: 2 });
    expect(await admin.ask("POST", `${path}/ramp/hold`, { body: {} })).toMatchObject({
      status: 200,
      body: { held: true },
    });
    expect(await admin.ask("POST", `${path}/ramp/hold`, { body: {} })).toMatchObject({ status: 422 });
    expect(await admin.ask("POST", `${path}/ramp/release`, { body: {} })).toMatchObject({ body: { held: false } });
    expect(await admin.ask("DELETE", `${path}/ramp`, { ifMatch: "*" })).toMatchObject({ status: 204 });
    await start();
    expect(await admin.ask("PUT", `${path}/ramp`, { body })).toMatchObject({ status: 422 });
  });
});

describe("a rehearsal over HTTP", () => {
  const body = {
    metric_id: METRIC.id,
    margin: 0.05,
    harm: 0.5,
    arrivals_per_day: 2_000,
    days: 7,
    looks_per_day: 4,
    runs: 20,
    assumed: { mean: 0.2, variance: 0.16 },
  };

  it("tells how often a rule fires and how soon it catches a harm, the same for the same seed", async () => {
    const first = rehearsalSchema.parse((await admin.ask("POST", "/v1/guardrails/rehearse", { body })).body);
    expect(first).toMatchObject({ source: "assumed", recorded_subjects: null, runs: 20, true_harm: { share: 1 } });
    expect(first.no_effect.share).toBeLessThan(0.2);
    const again = await admin.ask("POST", "/v1/guardrails/rehearse", { body });
    expect(again.body).toEqual(first);
  });

  it("wants to be told what the metric is like where nothing is recorded", async () => {
    const { assumed: _left, ...rest } = body;
    const refused = await admin.ask("POST", "/v1/guardrails/rehearse", { body: rest });
    expect(refused).toMatchObject({ status: 400, body: { code: "invalid_request" } });
  });

  it("has an end", async () => {
    const refused = await admin.ask("POST", "/v1/guardrails/rehearse", { body: { ...body, runs: 1_000_000 } });
    expect(refused.status).toBe(400);
  });
});
