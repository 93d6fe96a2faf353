import { randomUUID } from "node:crypto";
import {
  DEFAULT_ENVIRONMENT_ID,
  type ControlPlaneStore,
  type Metric,
  type MetricCatalogue,
  type MetricDefinition,
} from "@lotty/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleLink } from "./control-plane-store.ts";
import { STORE_NOW, TREACHEROUS_TEXTS } from "./decision-store-fixture.ts";

/** A catalogue to be tested, with the store that changes it. Nothing is stored in it yet. */
export interface OpenedMetricCatalogue {
  readonly store: ControlPlaneStore;
  readonly catalogue: MetricCatalogue;
  readonly otherEnvironmentId: string;
  close(): Promise<void>;
}

/** A definition with something in every field. */
export function sampleMetricDefinition(fields: Partial<MetricDefinition> = {}): MetricDefinition {
  return {
    kind: "ratio",
    numerator: { eventType: "purchase", filter: 'country == "NO"', valueProperty: "amount" },
    denominator: { eventType: "visit", filter: null, valueProperty: null },
    countsEvents: false,
    windowHours: 168,
    retentionFromDays: 0,
    quantile: null,
    winsorizing: { lower: null, upper: 0.999, ignoreZeros: true },
    dropsZeros: true,
    higherIsBetter: false,
    covariateDays: 14,
    practicalThreshold: 0.01,
    ...fields,
  };
}

/** A metric with something in every field but the last. */
export function sampleMetric(fields: Partial<Metric> = {}): Metric {
  const id = randomUUID();
  return {
    id,
    environmentId: DEFAULT_ENVIRONMENT_ID,
    key: `metric-${id}`,
    name: "Revenue per visit",
    description: "In kroner.",
    owner: "checkout",
    tags: ["money", "north"],
    definition: sampleMetricDefinition(),
    version: 1,
    updatedAt: STORE_NOW,
    archivedAt: null,
    ...fields,
  };
}

/** Registers the tests that all readers of the catalogue pass. One store serves all of them. */
export function describeMetricCatalogue(name: string, open: () => Promise<OpenedMetricCatalogue>): void {
  describe(`the metric catalogue ${name}`, () => {
    let opened: OpenedMetricCatalogue;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    async function put(...putMetrics: readonly Metric[]): Promise<void> {
      const { revision } = await opened.store.load(DEFAULT_ENVIRONMENT_ID);
      await opened.store.commit(DEFAULT_ENVIRONMENT_ID, { putMetrics, audit: sampleLink("test.metric") }, revision);
    }

    it("gives a metric back as it was put", async () => {
      const metric = sampleMetric();
      const bare = sampleMetric({ description: null, owner: null, tags: [], archivedAt: STORE_NOW + 1 });
      await put(metric, bare);
      expect(await opened.catalogue.find(DEFAULT_ENVIRONMENT_ID, metric.id)).toStrictEqual(metric);
      expect(await opened.catalogue.find(DEFAULT_ENVIRONMENT_ID, bare.id)).toStrictEqual(bare);
    });

    it("gives every version of a metric, and the current one when none is named", async () => {
      const first = sampleMetric();
      const second = { ...first, version: 2, name: "Revenue", definition: sampleMetricDefinition({ windowHours: 1 }) };
      const third = { ...second, version: 3, archivedAt: STORE_NOW + 5 };
      await put(first);
      await put(second);
      await put(third);
      const found = (version?: number): Promise<Metric | undefined> =>
        opened.catalogue.find(DEFAULT_ENVIRONMENT_ID, first.id, version);
      expect(await Promise.all([found(1), found(2), found(3), found()])).toStrictEqual([first, second, third, third]);
      expect(await found(4)).toBeUndefined();
    });

    it("lists current versions by key, archived ones too", async () => {
      const b = sampleMetric({ key: "list-b", archivedAt: STORE_NOW });
      const a = sampleMetric({ key: "list-a" });
      await put(b, a);
      const later = { ...a, version: 2, name: "Later" };
      await put(later);
      const listed = await opened.catalogue.list(DEFAULT_ENVIRONMENT_ID);
      expect(listed.filter(({ key }) => key.startsWith("list-"))).toStrictEqual([later, b]);
    });

    it("keeps treacherous texts as they are", async () => {
      const metrics = TREACHEROUS_TEXTS.map((text, index) =>
        sampleMetric({ key: `treacherous-${index} ${text}`, name: text, description: text, owner: text, tags: [text] }),
      );
      await put(...metrics);
      for (const metric of metrics) {
        expect(await opened.catalogue.find(DEFAULT_ENVIRONMENT_ID, metric.id)).toStrictEqual(metric);
      }
    });

    it("knows nothing of other environments", async () => {
      const metric = sampleMetric();
      await put(metric);
      expect(await opened.catalogue.find(opened.otherEnvironmentId, metric.id)).toBeUndefined();
      expect(await opened.catalogue.list(opened.otherEnvironmentId)).toStrictEqual([]);
    });

    it("refuses a key that another metric has", async () => {
      const metric = sampleMetric();
      await put(metric);
      await expect(put(sampleMetric({ key: metric.key }))).rejects.toMatchObject({ code: "database_rejected" });
    });
  });
}
