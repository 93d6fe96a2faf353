import { DEFAULT_ENVIRONMENT_ID, type Metric, type MetricDefinition } from "@lotty/domain";
import { memoryControlPorts, type MemoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { sampleMetricDefinition } from "@lotty/testkit/suites/metric-catalogue";
import { beforeEach, describe, expect, it } from "vitest";
import { ANN, by, controlFixture, done, EVE, refusalCodes, type ControlFixture } from "../testing/control-fixture.ts";
import type { MetricEdit } from "./metric-control.ts";

let fixture: ControlFixture<MemoryControlPorts>;
beforeEach(async () => {
  fixture = controlFixture(memoryControlPorts());
  for (const key of ["purchase", "visit"]) done(await fixture.eventTypes.create({ ...by(EVE), key, fields: {} }));
});

function create(key: string, fields: Partial<MetricDefinition> = {}): ReturnType<typeof fixture.metrics.create> {
  return fixture.metrics.create({ ...by(EVE), fields: { key, definition: sampleMetricDefinition(fields) } });
}

function edit({ id, version }: Metric, changed: MetricEdit): ReturnType<typeof fixture.metrics.edit> {
  return fixture.metrics.edit({ ...by(EVE), metricId: id, expectedVersion: version, edit: changed });
}

describe("a metric", () => {
  it("is made, changed, archived and restored, each on record and in a version that stays", async () => {
    const made = done(await create("revenue"));
    expect(made).toMatchObject({ key: "revenue", name: "revenue", tags: [], version: 1, archivedAt: null });
    const edited = done(await edit(made, { definition: sampleMetricDefinition({ windowHours: 24 }), name: "Revenue" }));
    const archived = done(await edit(edited, { archived: true }));
    const restored = done(await edit(archived, { archived: false }));
    expect(restored).toStrictEqual({ ...edited, version: 4, updatedAt: restored.updatedAt });
    const { entries } = fixture.ports.store;
    expect(entries.map(({ action }) => action).slice(-4)).toStrictEqual([
      "metric.create",
      "metric.edit",
      "metric.archive",
      "metric.restore",
    ]);
    const found = (version: number): Promise<Metric | undefined> =>
      fixture.ports.metrics.find(DEFAULT_ENVIRONMENT_ID, made.id, version);
    expect(await Promise.all([found(1), found(2), found(3)])).toStrictEqual([made, edited, archived]);
  });

  it("has a key of its own and a definition that can be measured", async () => {
    done(await create("revenue"));
    expect(refusalCodes(await create("revenue"))).toStrictEqual(["key_taken"]);
    expect(refusalCodes(await create(" "))).toStrictEqual(["invalid_field"]);
    expect(await create("wrong", { windowHours: 0 })).toMatchObject({
      refusals: [
        { code: "invalid_field", field: "definition.window_hours" },
        { field: "definition.retention_from_days" },
      ],
    });
  });

  it("is made of event types that there are, or of exposures", async () => {
    const selection = { eventType: "refund", filter: null, valueProperty: null };
    expect(await create("refunds", { numerator: selection })).toMatchObject({
      refusals: [{ code: "invalid_field", field: "definition.numerator.event_type" }],
    });
    done(await create("exposures", { numerator: { ...selection, eventType: "exposure" } }));
  });

  it("is changed only by those who may, from the version that they saw, and only if something changes", async () => {
    const made = done(await create("revenue"));
    const asAnn = { ...by(ANN), fields: { key: "other", definition: sampleMetricDefinition() } };
    expect(refusalCodes(await fixture.metrics.create(asAnn))).toStrictEqual(["forbidden"]);
    expect(refusalCodes(await edit(made, { name: "revenue" }))).toStrictEqual(["nothing_changed"]);
    expect(refusalCodes(await edit({ ...made, version: 2 }, { name: "x" }))).toStrictEqual(["version_mismatch"]);
    expect(refusalCodes(await edit({ ...made, id: "none" }, { name: "x" }))).toStrictEqual(["not_found"]);
    expect(refusalCodes(await edit(made, { definition: { ...made.definition, quantile: 0.5 } }))).toStrictEqual([
      "invalid_field",
    ]);
  });
});
