import {
  DEFAULT_ENVIRONMENT_ID,
  type ConflictDomain,
  type Experiment,
  type Flag,
  type SubjectHistory,
} from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { configForTest } from "../testing/config-for-test.ts";
import { openRuntime } from "./open-runtime.ts";
import type { Runtime } from "./runtime.ts";

const EXPERIMENTS = 10;
const PROCESSES = 3;
const REQUESTS = 200;
/** Experiments 0 to 3 share one domain, 4 to 6 another; the rest are free. */
const DOMAINS = [
  [0, 1, 2, 3],
  [4, 5, 6],
];

let database: TestDatabase;
let runtimes: readonly Runtime[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const opened = [];
  for (let index = 0; index < PROCESSES; index += 1) opened.push(await openOne());
  runtimes = opened;
  await runtimes[0]?.storage.configuration.apply(
    DEFAULT_ENVIRONMENT_ID,
    { putFlags: indexes.map(flag), putExperiments: indexes.map(experiment), putDomains: DOMAINS.map(domain) },
    0,
  );
  for (const { snapshots } of runtimes) await snapshots.refresh(DEFAULT_ENVIRONMENT_ID);
}, 60_000);

afterAll(async () => {
  await Promise.all(runtimes.map((runtime) => runtime.close()));
  await database.drop();
});

function openOne(): Promise<Runtime> {
  const config = configForTest({ DATABASE_URL: database.url, DATABASE_POOL_SIZE: "4" });
  return openRuntime(config, { role: "api", logger: new RecordingLogger() });
}

it("200 parallel requests of one subject on three pools never exceed the limit or a domain", async () => {
  for (const subjectId of ["racer-1", "racer-2", "racer-3"]) {
    const answers = await Promise.all(
      Array.from({ length: REQUESTS }, (_, request) =>
        runtimeFor(request).decider.decideForFlag(`flag-${request % EXPERIMENTS}`, {
          subject: { id: subjectId, attributes: {} },
        }),
      ),
    );
    const history = await runtimeFor(0).storage.history.load(DEFAULT_ENVIRONMENT_ID, subjectId);
    expect(history).toHaveLength(3);
    for (const members of DOMAINS) expect(heldAmong(history, members)).toBeLessThanOrEqual(1);
    // Whatever was answered as an assignment is one, with the variant that is stored.
    for (const { experimentId, reason, variantId } of answers) {
      if (reason !== "experiment_assigned") continue;
      expect(history).toContainEqual(expect.objectContaining({ experimentId, variantId }));
    }
    const reasons = new Set(answers.map((answer) => answer.reason));
    expect(reasons).toContain("participation_limit");
    const assigned = answers.filter((answer) => answer.reason === "experiment_assigned");
    expect(assigned).toHaveLength((3 * REQUESTS) / EXPERIMENTS);
  }
}, 60_000);

it("parallel batches of one subject come out with one set of assignments", async () => {
  const keys = indexes.map((index) => `flag-${index}`);
  const batches = await Promise.all(
    Array.from({ length: 30 }, (_, request) =>
      runtimeFor(request).decider.decideForFlags(request % 2 === 0 ? keys : keys.toReversed(), {
        subject: { id: "racer-4", attributes: {} },
      }),
    ),
  );
  const history = await runtimeFor(0).storage.history.load(DEFAULT_ENVIRONMENT_ID, "racer-4");
  expect(history).toHaveLength(3);
  for (const members of DOMAINS) expect(heldAmong(history, members)).toBeLessThanOrEqual(1);
  const held = new Set<string | null>(history.map((assignment) => assignment.experimentId));
  for (const batch of batches) {
    const assigned = batch.filter((answer) => answer.reason === "experiment_assigned");
    expect(new Set(assigned.map((answer) => answer.experimentId))).toEqual(held);
  }
}, 60_000);

const indexes = Array.from({ length: EXPERIMENTS }, (_, index) => index);

function runtimeFor(request: number): Runtime {
  const runtime = runtimes[request % PROCESSES];
  if (runtime === undefined) throw new Error("The runtimes are not open.");
  return runtime;
}

function heldAmong(history: SubjectHistory, members: readonly number[]): number {
  const ids = new Set(members.map((index) => id("e", index)));
  return history.filter((assignment) => ids.has(assignment.experimentId)).length;
}

function id(kind: string, index: number): string {
  return `${kind.repeat(8)}-0000-7000-8000-${String(index).padStart(12, "0")}`;
}

function flag(index: number): Flag {
  return {
    id: id("f", index),
    key: `flag-${index}`,
    valueType: "boolean",
    defaultValue: false,
    enabled: true,
    rules: [],
    version: 1,
    updatedAt: 0,
  };
}

function experiment(index: number): Experiment {
  return {
    id: id("e", index),
    key: `experiment-${index}`,
    flagId: id("f", index),
    status: "running",
    version: 1,
    updatedAt: 0,
    targetingRules: null,
    trafficAllocation: 10_000,
    variants: ["off", "on"].map((name, place) => ({
      id: id("a", index * 2 + place),
      name,
      value: place === 1,
      weight: 5_000,
      isControl: place === 0,
    })),
    hashVersion: 1,
    stickyAssignment: index % 2 === 0,
  };
}

function domain(members: readonly number[], index: number): ConflictDomain {
  return {
    id: id("d", index),
    key: `domain-${index}`,
    members: members.map((member) => ({ experimentId: id("e", member), priority: member % 2 })),
  };
}
