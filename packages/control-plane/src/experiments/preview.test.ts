import {
  DEFAULT_ENVIRONMENT_ID,
  type Configuration,
  type Experiment,
  type JsonObject,
  type RecordedSubject,
  type SubjectHistory,
} from "@lotty/domain";
import { parseRule } from "@lotty/dsl";
import { compileSnapshot, decide } from "@lotty/engine";
import { TEST_NOW } from "@lotty/testkit/generators/configuration";
import { sampleExperiment, sampleFlag } from "@lotty/testkit/suites/decision-store-fixture";
import { describe, expect, it } from "vitest";
import { previewEdit, type EditPreview } from "./preview.ts";

const flag = sampleFlag({ key: "button" });
const experiment = sampleExperiment(flag.id, { status: "running" });
const configuration: Configuration = {
  environmentId: DEFAULT_ENVIRONMENT_ID,
  revision: 1,
  flags: [flag],
  experiments: [experiment],
  domains: [],
  segments: [],
};

async function* recorded(
  count: number,
  of: (place: number) => { readonly attributes?: JsonObject; readonly history?: SubjectHistory } = () => ({}),
): AsyncIterable<RecordedSubject> {
  for (let place = 0; place < count; place += 1) {
    const { attributes = {}, history = [] } = of(place);
    yield { subject: { id: `s${place}`, attributes }, history, lastDecidedAt: TEST_NOW };
  }
}

function preview(fields: Partial<Experiment>, subjects = recorded(1_000)): Promise<EditPreview> {
  const edited = { ...experiment, ...fields };
  return previewEdit({ configuration, edited, flagKey: "button", subjects, now: TEST_NOW });
}

function variantOf(stored: Configuration, id: string): string | null {
  const snapshot = compileSnapshot(stored, { parseRule });
  const context = { subject: { id, attributes: {} }, history: [], now: TEST_NOW };
  return decide(snapshot, "button", context).variant?.name ?? null;
}

describe("a preview", () => {
  it("moves nobody when nothing changes", async () => {
    const { subjects, moved, cells } = await preview({});
    expect({ subjects, moved }).toStrictEqual({ subjects: 1_000, moved: 0 });
    expect(cells.every(({ moves, from, to }) => !moves && from.variantId === to.variantId)).toBe(true);
  });

  it("says for each way how many go it, and some of them", async () => {
    const { cells, moved } = await preview({ trafficAllocation: 5_000 });
    const lost = cells.filter(({ moves }) => moves);
    expect(lost.map(({ from, to }) => [from.variantName, to.reason, to.value])).toEqual(
      expect.arrayContaining([
        ["control", "outside_traffic_allocation", "default"],
        ["treatment", "outside_traffic_allocation", "default"],
      ]),
    );
    expect(lost.reduce((sum, cell) => sum + cell.subjects, 0)).toBe(moved);
    expect(moved).toBeGreaterThan(400);
    expect(moved).toBeLessThan(600);
    for (const { samples } of cells) expect(samples).toHaveLength(5);
  });

  it("counts exactly those whom the engine would move", async () => {
    const variants = experiment.variants.map((arm) => ({ ...arm, weight: arm.isControl ? 2_000 : 8_000 }));
    const after = { ...configuration, experiments: [{ ...experiment, variants, version: 2 }] };
    const ids = Array.from({ length: 1_000 }, (_, place) => `s${place}`);
    const moving = ids.filter((id) => variantOf(configuration, id) !== variantOf(after, id));
    const { moved, cells } = await preview({ variants });
    expect(moved).toBe(moving.length);
    const samples = cells.filter(({ moves }) => moves).flatMap((cell) => cell.samples);
    expect(samples.length).toBeGreaterThan(0);
    for (const id of samples) expect(moving).toContain(id);
  });

  it("counts a new value of the same variant as a move", async () => {
    const variants = experiment.variants.map((arm) => (arm.isControl ? arm : { ...arm, value: "new" }));
    const { cells, moved } = await preview({ variants });
    expect(cells.filter(({ moves }) => moves).map(({ to }) => to.value)).toStrictEqual(["new"]);
    expect(moved).toBeGreaterThan(400);
  });

  it("reads the attributes that were recorded", async () => {
    const subjects = recorded(10, (place) => ({ attributes: { country: place < 3 ? "DE" : "FR" } }));
    const { cells } = await preview({ targetingRules: 'country == "DE"' }, subjects);
    const out = cells.filter(({ to }) => to.reason === "targeting_mismatch");
    expect(out.reduce((sum, cell) => sum + cell.subjects, 0)).toBe(7);
  });

  it("leaves those alone who keep their variant", async () => {
    const [arm] = experiment.variants;
    const assignment = {
      experimentId: experiment.id,
      variantId: arm?.id ?? "",
      firstDecidedAt: 1,
      lastDecidedAt: TEST_NOW,
    };
    const sticky = { ...experiment, stickyAssignment: true };
    const { moved, subjects } = await previewEdit({
      configuration: { ...configuration, experiments: [sticky] },
      edited: { ...sticky, trafficAllocation: 0 },
      flagKey: "button",
      subjects: recorded(100, () => ({ history: [assignment] })),
      now: TEST_NOW,
    });
    expect({ moved, subjects }).toStrictEqual({ moved: 0, subjects: 100 });
  });

  it("looks at an experiment that does not run as if it did", async () => {
    const paused = { ...experiment, status: "paused" as const };
    const { moved } = await previewEdit({
      configuration: { ...configuration, experiments: [paused] },
      edited: { ...paused, trafficAllocation: 0 },
      flagKey: "button",
      subjects: recorded(10),
      now: TEST_NOW,
    });
    expect(moved).toBe(10);
  });

  it("takes no more memory for more subjects", async () => {
    const { cells, subjects } = await preview({ trafficAllocation: 5_000 }, recorded(20_000));
    expect(subjects).toBe(20_000);
    expect(cells.length).toBeLessThan(10);
    expect(cells.every(({ samples }) => samples.length <= 5)).toBe(true);
  });
});
