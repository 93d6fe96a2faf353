import { randomUUID } from "node:crypto";
import {
  DEFAULT_ENVIRONMENT_ID,
  type AnalysisPlan,
  type AnalysisPlans,
  type ControlPlaneStore,
  type PlanDeviation,
} from "@lotty/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleLink } from "./control-plane-store.ts";
import { sampleExperiment, sampleFlag, STORE_NOW, TREACHEROUS_TEXTS } from "./decision-store-fixture.ts";

/** Plans to be tested, with the store that changes them. Nothing is stored in it yet. */
export interface OpenedAnalysisPlans {
  readonly store: ControlPlaneStore;
  readonly plans: AnalysisPlans;
  readonly otherEnvironmentId: string;
  close(): Promise<void>;
}

/** A plan with something in every field. */
export function samplePlan(experimentId: string, fields: Partial<AnalysisPlan> = {}): AnalysisPlan {
  return {
    experimentId,
    primary: [{ metricId: randomUUID(), metricVersion: 1 }],
    secondary: [{ metricId: randomUUID(), metricVersion: 3 }],
    guardrails: [{ metricId: randomUUID(), metricVersion: 2, margin: 0.01 }],
    alpha: 0.05,
    power: 0.8,
    minimumEffect: 0.02,
    durationDays: 14,
    plannedSubjects: 10_000,
    minimumSubjects: 100,
    looking: "group_sequential",
    correction: "holm",
    correctionScope: "primary",
    population: "exposed",
    segments: ["country"],
    version: 1,
    updatedAt: STORE_NOW,
    frozenAt: null,
    ...fields,
  };
}

/** Registers the tests that all readers of analysis plans pass. One store serves all of them. */
export function describeAnalysisPlans(name: string, open: () => Promise<OpenedAnalysisPlans>): void {
  describe(`analysis plans ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    let opened: OpenedAnalysisPlans;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    async function commit(change: Parameters<ControlPlaneStore["commit"]>[1]): Promise<void> {
      const { revision } = await opened.store.load(environmentId);
      await opened.store.commit(environmentId, change, revision);
    }

    async function storedExperimentId(): Promise<string> {
      const flag = sampleFlag();
      const experiment = sampleExperiment(flag.id);
      const configuration = { putFlags: [flag], putExperiments: [experiment] };
      await commit({ configuration, audit: sampleLink("test.change") });
      return experiment.id;
    }

    const audit = sampleLink("test.plan");

    it("knows nothing of what was never stored", async () => {
      expect(await opened.plans.find(environmentId, randomUUID())).toBeUndefined();
      expect(await opened.plans.version(environmentId, randomUUID(), 1)).toBeUndefined();
      expect(await opened.plans.deviations(environmentId, randomUUID())).toStrictEqual([]);
      expect(await opened.plans.list(opened.otherEnvironmentId)).toStrictEqual([]);
    });

    it("gives the plan as it is, and every version as it was", async () => {
      const experimentId = await storedExperimentId();
      const first = samplePlan(experimentId, { segments: TREACHEROUS_TEXTS, alpha: 0.1 + 0.2 });
      const second = samplePlan(experimentId, { version: 2, minimumEffect: null, plannedSubjects: null, frozenAt: 1 });
      await commit({ putAnalysisPlans: [first], audit });
      await commit({ putAnalysisPlans: [second], audit });
      expect(await opened.plans.find(environmentId, experimentId)).toStrictEqual(second);
      expect(await opened.plans.version(environmentId, experimentId, 1)).toStrictEqual(first);
      expect(await opened.plans.version(environmentId, experimentId, 2)).toStrictEqual(second);
      expect(await opened.plans.version(environmentId, experimentId, 3)).toBeUndefined();
    });

    it("lists the plans in the order of the experiments", async () => {
      const ids = [await storedExperimentId(), await storedExperimentId()];
      await commit({ putAnalysisPlans: ids.map((id) => samplePlan(id)), audit });
      const listed = (await opened.plans.list(environmentId)).map(({ experimentId }) => experimentId);
      expect(listed).toStrictEqual(listed.toSorted());
      expect(listed).toStrictEqual(expect.arrayContaining(ids));
    });

    it("gives the deviations of one experiment in the order in which they came", async () => {
      const experimentId = await storedExperimentId();
      const others = await storedExperimentId();
      const deviation = (field: string, of = experimentId): PlanDeviation => {
        return { experimentId: of, at: STORE_NOW, actorName: "Ada \u{1F600}", field, planned: "1", now: "2" };
      };
      await commit({ addPlanDeviations: [deviation("b"), deviation("z", others), deviation("a")], audit });
      await commit({ addPlanDeviations: [deviation("c")], audit });
      const found = await opened.plans.deviations(environmentId, experimentId);
      expect(found).toStrictEqual([deviation("b"), deviation("a"), deviation("c")]);
    });

    it("forgets everything with the experiment", async () => {
      const experimentId = await storedExperimentId();
      const deviation = { experimentId, at: STORE_NOW, actorName: "Ada", field: "a", planned: "1", now: "2" };
      await commit({ putAnalysisPlans: [samplePlan(experimentId)], addPlanDeviations: [deviation], audit });
      await commit({ configuration: { removeExperimentIds: [experimentId] }, audit });
      expect(await opened.plans.find(environmentId, experimentId)).toBeUndefined();
      expect(await opened.plans.version(environmentId, experimentId, 1)).toBeUndefined();
      expect(await opened.plans.deviations(environmentId, experimentId)).toStrictEqual([]);
    });
  });
}
