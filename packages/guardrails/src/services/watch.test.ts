import {
  auditLinker,
  createExperimentControl,
  createFlagControl,
  ValueSchemas,
  type CommandResult,
  type ControlSettings,
} from "@lotty/control-plane";
import {
  DEFAULT_ENVIRONMENT_ID,
  LottyError,
  systemActor,
  type Actor,
  type Experiment,
  type Guardrail,
  type GuardrailAction,
} from "@lotty/domain";
import { memoryControlPorts, type MemoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { beforeEach, describe, expect, it } from "vitest";
import { sampleMetric } from "../testing/sample-metric.ts";
import { ScriptedMoments, shareArm } from "@lotty/testkit/fakes/scripted-moments";
import { createGuardrailControl } from "./guardrail-control.ts";
import { createRampControl } from "./ramp-control.ts";
import { undoFiring } from "./undo-firing.ts";
import { watchEnvironment, type WatchRound } from "./watch-environment.ts";
import type { WatchPorts } from "./watch-experiment.ts";

const SETTINGS: ControlSettings = { allowSelfApproval: true, minimumApprovals: 1, previewDays: 7 };
const ROOT: Actor = { ...systemActor("test"), id: "root", name: "root", kind: "user" };
const BY = { environmentId: DEFAULT_ENVIRONMENT_ID, actor: ROOT };
const HOUR = 3_600_000_000;

let memory: MemoryControlPorts;
let moments: ScriptedMoments;
let logger: RecordingLogger;
let ports: WatchPorts;
let experimentId: string;

function done<T>(result: CommandResult<T>): T {
  if (result.status === "done") return result.result;
  throw new Error(result.refusals.map(({ message }) => message).join("\n"));
}

function refusals(result: CommandResult<unknown>): readonly string[] {
  return result.status === "refused" ? result.refusals.map(({ code }) => code) : [];
}

async function current(): Promise<Experiment> {
  const { experiments } = await ports.store.load(DEFAULT_ENVIRONMENT_ID);
  const found = experiments.find(({ id }) => id === experimentId);
  if (found === undefined) throw new Error("The experiment is gone.");
  return found;
}

/** A draft with a control and a treatment. */
async function draft(): Promise<void> {
  const flags = createFlagControl(ports);
  const { flag } = done(
    await flags.create({ ...BY, fields: { key: "button", valueType: "string", defaultValue: "grey" } }),
  );
  const made = await createExperimentControl(ports).create({
    ...BY,
    fields: {
      key: "green-button",
      flagId: flag.id,
      hypothesis: "Green is pressed more often",
      owner: "team checkout",
      plannedDays: 14,
      trafficAllocation: 10_000,
      variants: [
        { name: "control", value: "grey", weight: 5_000, isControl: true },
        { name: "green", value: "green", weight: 5_000, isControl: false },
      ],
    },
  });
  experimentId = done(made).experiment.id;
}

async function start(): Promise<void> {
  const experiments = createExperimentControl(ports);
  const submitted = done(await experiments.submit({ ...BY, experimentId }));
  const expectedVersion = submitted.experiment.version;
  done(await experiments.approve({ ...BY, experimentId, expectedVersion, comment: null }));
  done(await experiments.start({ ...BY, experimentId }));
}

async function guard(action: GuardrailAction): Promise<Guardrail> {
  const rule = { margin: 0.05, action };
  const { id: metricId } = sampleMetric();
  return done(await createGuardrailControl(ports).create({ ...BY, experimentId, metricId, rule }));
}

/** What subjects did, in so many of a thousand. */
async function measured(control: number, treatment: number): Promise<void> {
  const { variants } = await current();
  moments.arms = variants.map(({ id, isControl }) => shareArm(id, isControl ? control : treatment, 1_000));
}

function watch(): Promise<WatchRound> {
  memory.clock.advance(60_000_000);
  return watchEnvironment(ports, DEFAULT_ENVIRONMENT_ID, { logger, isEnding: () => false });
}

function actions(): readonly string[] {
  return memory.store.entries.map(({ action }) => action);
}

beforeEach(async () => {
  memory = memoryControlPorts();
  moments = new ScriptedMoments();
  logger = new RecordingLogger();
  const { guardrails, metrics } = memory.store;
  ports = { ...memory, schemas: new ValueSchemas(), settings: SETTINGS, guardrails, metrics, moments };
  const { revision } = await ports.store.load(DEFAULT_ENVIRONMENT_ID);
  const entity = { kind: "metric", id: "m", key: "purchase" } as const;
  await ports.store.commit(
    DEFAULT_ENVIRONMENT_ID,
    {
      putMetrics: [sampleMetric(), sampleMetric({ kind: "quantile" }, { id: "q", key: "p99" })],
      audit: auditLinker(ports.ids)([{ action: "metric.create", entity, before: null, after: {} }], {
        actor: ROOT,
        at: memory.clock.now(),
        environmentId: DEFAULT_ENVIRONMENT_ID,
      }),
    },
    revision,
  );
  await draft();
});

describe("watching a running experiment", () => {
  beforeEach(start);

  it("keeps what it saw, and leaves a harmless experiment alone", async () => {
    const { id } = await guard("rollback");
    await measured(100, 100);
    expect(await watch()).toMatchObject({ evaluated: 1, acted: 0 });
    const [seen] = await ports.guardrails.evaluations(DEFAULT_ENVIRONMENT_ID, experimentId);
    expect(seen).toMatchObject({ guardrailId: id, state: "green", readings: [{ subjects: 1_000 }] });
    expect((await current()).status).toBe("running");
    expect(moments.asked).toMatchObject([{ completeOnly: true, by: "nothing", population: "exposed" }]);
  });

  it("rolls a harmful one back in one commit with its firing, its entries and what people are told", async () => {
    await guard("rollback");
    await measured(100, 20);
    const before = memory.store.entries.length;
    const { revision } = await ports.store.load(DEFAULT_ENVIRONMENT_ID);
    expect(await watch()).toMatchObject({ acted: 1, failed: 0 });
    expect(await current()).toMatchObject({ status: "paused", rolledBack: true });
    expect((await ports.store.load(DEFAULT_ENVIRONMENT_ID)).revision).toBe(revision + 1);
    expect(actions().slice(before)).toStrictEqual(["experiment.rollback", "guardrail.fire"]);
    expect(memory.store.entries.at(-1)?.actor).toMatchObject({ kind: "system", name: "lotty" });
    const told = memory.store.notifications.announced(DEFAULT_ENVIRONMENT_ID);
    expect(told.slice(-2)).toMatchObject([
      { kind: "guardrail.fired", facts: { metric: "purchase", variant: "green", done: true } },
      { kind: "experiment.rolled_back" },
    ]);
    const [recorded] = await ports.guardrails.firings(DEFAULT_ENVIRONMENT_ID, experimentId, 5);
    expect(recorded).toMatchObject({ firing: { evaluation: { state: "firing" } }, steps: [{ kind: "acted" }] });
  });

  it.each([
    ["pause", { status: "paused" }],
    ["notify", { status: "running" }],
  ] as const)("does what the guardrail says: %s", async (action, expected) => {
    await guard(action);
    await measured(100, 20);
    await watch();
    const experiment = await current();
    expect(experiment).toMatchObject(expected);
    expect(experiment).not.toHaveProperty("rolledBack");
  });

  it("acts once, and later judges only those who came after", async () => {
    await guard("notify");
    await measured(100, 20);
    await watch();
    const [fired] = await ports.guardrails.firings(DEFAULT_ENVIRONMENT_ID, experimentId, 5);
    moments.arms = [];
    expect(await watch()).toMatchObject({ evaluated: 1, acted: 0 });
    expect(moments.asked.at(-1)?.from).toBe(fired?.firing.at);
    expect(await ports.guardrails.firings(DEFAULT_ENVIRONMENT_ID, experimentId, 5)).toHaveLength(1);
  });

  it("acts once though two processes look at the same time", async () => {
    await guard("rollback");
    await measured(100, 20);
    memory.clock.advance(60_000_000);
    const round = (): Promise<WatchRound> =>
      watchEnvironment(ports, DEFAULT_ENVIRONMENT_ID, { logger, isEnding: () => false });
    const rounds = await Promise.all([round(), round(), round()]);
    expect(rounds.reduce((sum, { acted }) => sum + acted, 0)).toBe(1);
    expect(await ports.guardrails.firings(DEFAULT_ENVIRONMENT_ID, experimentId, 5)).toHaveLength(1);
  });

  it("pauses where the control has gone that it was to roll back to", async () => {
    await guard("rollback");
    const experiment = await current();
    await measured(100, 20);
    memory.store.beforeNextCommit(async () => {
      const variants = experiment.variants.map((each) => ({ ...each, isControl: false }));
      const { revision } = await ports.store.load(DEFAULT_ENVIRONMENT_ID);
      const change = { configuration: { putExperiments: [{ ...experiment, variants }] } };
      await ports.store.commit(DEFAULT_ENVIRONMENT_ID, { ...change, audit: sameEntry() }, revision);
    });
    expect(await watch()).toMatchObject({ acted: 1 });
    expect(await current()).toMatchObject({ status: "paused" });
    expect(await current()).not.toHaveProperty("rolledBack");
  });

  it("puts an action that is refused on record, and tries it again until it is done", async () => {
    await guard("pause");
    const running = await current();
    await measured(100, 20);
    // Somebody ends the experiment while it is being judged: it cannot be paused any more.
    memory.store.beforeNextCommit(() => put({ ...running, status: "completed", version: running.version + 1 }));
    expect(await watch()).toMatchObject({ acted: 0, failed: 1 });
    const [failed] = await ports.guardrails.firings(DEFAULT_ENVIRONMENT_ID, experimentId, 5);
    expect(failed?.steps).toMatchObject([{ kind: "failed", said: expect.stringContaining("running") }]);
    expect(actions().at(-1)).toBe("guardrail.fail_to_act");
    await put({ ...running, version: running.version + 2 });
    expect(await watch()).toMatchObject({ acted: 1 });
    const [acted] = await ports.guardrails.firings(DEFAULT_ENVIRONMENT_ID, experimentId, 5);
    expect(acted?.steps.map(({ kind }) => kind)).toStrictEqual(["failed", "acted"]);
    expect((await current()).status).toBe("paused");
  });

  it("fails loudly when it cannot look, and looks at the others all the same", async () => {
    await guard("pause");
    moments.failure = new LottyError("database_unavailable", "away");
    await expect(watch()).rejects.toBe(moments.failure);
    expect(logger.lines).toMatchObject([{ event: "guardrails_not_evaluated" }]);
  });

  it("goes on after a firing is undone with a reason, and judges anew", async () => {
    const { id } = await guard("rollback");
    await measured(100, 20);
    await watch();
    const [fired] = await ports.guardrails.firings(DEFAULT_ENVIRONMENT_ID, experimentId, 5);
    const firingId = fired?.firing.id ?? "";
    expect(refusals(await undoFiring(ports, { ...BY, experimentId, firingId, reason: " " }))).toStrictEqual([
      "invalid_field",
    ]);
    memory.clock.advance(HOUR);
    done(await undoFiring(ports, { ...BY, experimentId, firingId, reason: "the metric was broken" }));
    expect(await current()).toMatchObject({ status: "running" });
    expect(await current()).not.toHaveProperty("rolledBack");
    expect(actions().slice(-2)).toStrictEqual(["experiment.resume", "guardrail.undo"]);
    const [guardrail] = await ports.guardrails.list(DEFAULT_ENVIRONMENT_ID, experimentId);
    expect(guardrail).toMatchObject({ id, armedAt: memory.clock.now() });
    const again = await undoFiring(ports, { ...BY, experimentId, firingId, reason: "twice" });
    expect(refusals(again)).toStrictEqual(["nothing_changed"]);
    moments.arms = [];
    await watch();
    expect(moments.asked.at(-1)?.from).toBe(guardrail?.armedAt);
  });
});

describe("a guardrail", () => {
  it("is made, changed and taken away, each on record", async () => {
    const { id } = await guard("pause");
    const control = createGuardrailControl(ports);
    const edited = await control.edit({
      ...BY,
      experimentId,
      guardrailId: id,
      expectedVersion: 1,
      rule: { margin: 0.1 },
    });
    expect(done(edited)).toMatchObject({ version: 2, rule: { margin: 0.1, action: "pause", alpha: 0.05 } });
    const outdated = await control.remove({ ...BY, experimentId, guardrailId: id, expectedVersion: 1 });
    expect(refusals(outdated)).toStrictEqual(["version_mismatch"]);
    done(await control.remove({ ...BY, experimentId, guardrailId: id }));
    expect(actions().slice(-3)).toStrictEqual(["guardrail.create", "guardrail.edit", "guardrail.remove"]);
  });

  it.each([
    [{ margin: -1 }, "margin"],
    [{ alpha: 0.5 }, "alpha"],
    [{ minimumSubjects: 1 }, "minimumSubjects"],
    [{ tunedFor: 0.5 }, "tunedFor"],
  ])("is refused with %o", async (fields, field) => {
    const rule = { margin: 0.05, action: "pause", ...fields } as const;
    const result = await createGuardrailControl(ports).create({
      ...BY,
      experimentId,
      metricId: sampleMetric().id,
      rule,
    });
    expect(result).toMatchObject({ status: "refused", refusals: [{ code: "invalid_field", field }] });
  });

  it("is refused on a quantile, which has no moments, and on a metric that is not there", async () => {
    const rule = { margin: 0.05, action: "pause" } as const;
    const { create } = createGuardrailControl(ports);
    expect(refusals(await create({ ...BY, experimentId, metricId: "q", rule }))).toStrictEqual(["invalid_field"]);
    expect(refusals(await create({ ...BY, experimentId, metricId: "none", rule }))).toStrictEqual(["not_found"]);
  });
});

describe("a ramp plan", () => {
  const STEPS = [
    { allocation: 100, holdHours: 1 },
    { allocation: 5_000, holdHours: 1 },
    { allocation: 10_000, holdHours: 0 },
  ];

  it("starts with its first step and grows by itself, each step on record", async () => {
    done(await createRampControl(ports).put({ ...BY, experimentId, steps: STEPS }));
    expect(await current()).toMatchObject({ trafficAllocation: 100, status: "draft" });
    await start();
    expect(await watch()).toMatchObject({ stepsTaken: 0 });
    memory.clock.advance(HOUR);
    expect(await watch()).toMatchObject({ stepsTaken: 1 });
    expect(await current()).toMatchObject({ trafficAllocation: 5_000, status: "running" });
    expect(memory.store.entries.at(-1)).toMatchObject({ action: "experiment.ramp", actor: { kind: "system" } });
    expect(await watch()).toMatchObject({ stepsTaken: 0 });
    memory.clock.advance(HOUR);
    await watch();
    expect((await current()).trafficAllocation).toBe(10_000);
    const kinds = memory.store.notifications.announced(DEFAULT_ENVIRONMENT_ID).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind.startsWith("ramp"))).toStrictEqual(["ramp.step_taken", "ramp.finished"]);
  });

  it("waits for green guardrails, and for people who hold it", async () => {
    done(await createRampControl(ports).put({ ...BY, experimentId, steps: STEPS }));
    await guard("pause");
    await start();
    memory.clock.advance(HOUR);
    expect(await watch()).toMatchObject({ evaluated: 1, stepsTaken: 0 });
    await measured(100, 100);
    const ramps = createRampControl(ports);
    done(await ramps.hold({ ...BY, experimentId }));
    expect(await watch()).toMatchObject({ stepsTaken: 0 });
    done(await ramps.release({ ...BY, experimentId }));
    memory.clock.advance(HOUR);
    expect(await watch()).toMatchObject({ stepsTaken: 1 });
  });

  it("makes earlier approvals void, and is not given to an experiment that runs", async () => {
    const experiments = createExperimentControl(ports);
    const submitted = done(await experiments.submit({ ...BY, experimentId }));
    const expectedVersion = submitted.experiment.version;
    done(await experiments.approve({ ...BY, experimentId, expectedVersion, comment: null }));
    const ramps = createRampControl(ports);
    done(await ramps.put({ ...BY, experimentId, steps: STEPS }));
    expect((await current()).status).toBe("in_review");
    const again = (await current()).version;
    done(await experiments.approve({ ...BY, experimentId, expectedVersion: again, comment: null }));
    done(await experiments.start({ ...BY, experimentId }));
    expect(refusals(await ramps.put({ ...BY, experimentId, steps: STEPS }))).toStrictEqual(["invalid_field"]);
    done(await ramps.remove({ ...BY, experimentId }));
    expect((await current()).trafficAllocation).toBe(100);
  });

  it("is refused when a step does not grow", async () => {
    const steps = [
      { allocation: 500, holdHours: 1 },
      { allocation: 500, holdHours: 1 },
    ];
    const result = await createRampControl(ports).put({ ...BY, experimentId, steps });
    expect(result).toMatchObject({ status: "refused", refusals: [{ field: "steps" }] });
  });
});

async function put(experiment: Experiment): Promise<void> {
  const { revision } = await ports.store.load(DEFAULT_ENVIRONMENT_ID);
  const change = { configuration: { putExperiments: [experiment] }, audit: sameEntry() };
  await ports.store.commit(DEFAULT_ENVIRONMENT_ID, change, revision);
}

/** An entry that stands for whatever others have done. */
function sameEntry(): Parameters<WatchPorts["store"]["commit"]>[1]["audit"] {
  return (head) => {
    const [first] = memory.store.entries;
    if (first === undefined) throw new Error("Nothing is on record.");
    return [{ ...first, ...head }];
  };
}
