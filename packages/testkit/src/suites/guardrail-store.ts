import { randomUUID } from "node:crypto";
import {
  DEFAULT_ENVIRONMENT_ID,
  type ControlPlaneStore,
  type DecisionRecord,
  type DecisionSink,
  type FiringStep,
  type Guardrail,
  type GuardrailEvaluation,
  type GuardrailFiring,
  type GuardrailStore,
  type RampPlan,
} from "@lotty/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleLink } from "./control-plane-store.ts";
import {
  assigningDecision,
  sampleExperiment,
  sampleFlag,
  STORE_NOW,
  TREACHEROUS_TEXTS,
} from "./decision-store-fixture.ts";

/** Guardrails to be tested, with the store that changes them. Nothing is stored in it yet. */
export interface OpenedGuardrails {
  readonly store: ControlPlaneStore;
  readonly guardrails: GuardrailStore;
  /** Where decisions are written; `null` where nothing counts them. */
  readonly sink: DecisionSink | null;
  readonly otherEnvironmentId: string;
  close(): Promise<void>;
}

/** A guardrail with something in every field. */
export function sampleGuardrail(experimentId: string, fields: Partial<Guardrail> = {}): Guardrail {
  return {
    id: randomUUID(),
    experimentId,
    metricId: randomUUID(),
    metricVersion: 2,
    rule: {
      margin: 0.1 + 0.2,
      marginKind: "relative",
      alpha: 0.05,
      minimumSubjects: 100,
      tunedFor: 5_000,
      population: "exposed",
      action: "rollback",
    },
    armedAt: null,
    version: 1,
    updatedAt: STORE_NOW,
    ...fields,
  };
}

/** What a guardrail saw when it fired. */
export function sampleEvaluation(guardrailId: string, fields: Partial<GuardrailEvaluation> = {}): GuardrailEvaluation {
  const reading = {
    variantId: randomUUID(),
    state: "firing",
    subjects: 1_000,
    controlSubjects: 999,
    mean: 0.1,
    controlMean: 1 / 3,
    shift: -0.2,
    se: 0.01,
    low: -0.25,
    high: -0.15,
    waitsFor: null,
  } as const;
  return {
    guardrailId,
    at: STORE_NOW,
    state: "firing",
    since: STORE_NOW,
    watermark: STORE_NOW - 1,
    from: null,
    alphaPerVariant: 0.05,
    readings: [reading],
    ...fields,
  };
}

function sampleFiring(guardrail: Guardrail, at: number): GuardrailFiring {
  const { experimentId, id } = guardrail;
  return { id: randomUUID(), experimentId, at, guardrail, evaluation: sampleEvaluation(id, { at }) };
}

function stepOf(firingId: string, kind: FiringStep["kind"], at: number): FiringStep {
  return { id: randomUUID(), firingId, at, kind, actorName: "Ada \u{1F600}", said: `said ${String(at)}` };
}

/** Registers the tests that all stores of guardrails pass. One store serves all of them. */
export function describeGuardrailStore(name: string, open: () => Promise<OpenedGuardrails>): void {
  describe(`guardrails ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    const audit = sampleLink("test.guardrail");
    let opened: OpenedGuardrails;
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
      await commit({ configuration: { putFlags: [flag], putExperiments: [experiment] }, audit });
      return experiment.id;
    }

    it("knows nothing of what was never stored", async () => {
      const { guardrails, otherEnvironmentId } = opened;
      expect(await guardrails.list(otherEnvironmentId)).toStrictEqual([]);
      expect(await guardrails.ramps(otherEnvironmentId)).toStrictEqual([]);
      expect(await guardrails.evaluations(environmentId, randomUUID())).toStrictEqual([]);
      expect(await guardrails.firings(environmentId, randomUUID(), 5)).toStrictEqual([]);
      expect(await guardrails.firing(environmentId, randomUUID())).toBeUndefined();
      expect(await guardrails.lastFiring(environmentId, randomUUID())).toBeUndefined();
    });

    it("gives the guardrails of an experiment as they are", async () => {
      const experimentId = await storedExperimentId();
      const [first, second] = [sampleGuardrail(experimentId), sampleGuardrail(experimentId, { armedAt: STORE_NOW })];
      await commit({ guardrails: { put: [first, second] }, audit });
      const changed = { ...first, rule: { ...first.rule, action: "notify" as const }, version: 2 };
      await commit({ guardrails: { put: [changed] }, audit });
      const inOrder = [changed, second].toSorted((a, b) => (a.id < b.id ? -1 : 1));
      expect(await opened.guardrails.list(environmentId, experimentId)).toStrictEqual(inOrder);
      expect(await opened.guardrails.list(environmentId)).toStrictEqual(expect.arrayContaining(inOrder));
      await commit({ guardrails: { removeIds: [first.id] }, audit });
      expect(await opened.guardrails.list(environmentId, experimentId)).toStrictEqual([second]);
    });

    it("keeps what a guardrail saw last, and nothing of one that is gone", async () => {
      const experimentId = await storedExperimentId();
      const guardrail = sampleGuardrail(experimentId);
      await commit({ guardrails: { put: [guardrail] }, audit });
      const seen = sampleEvaluation(guardrail.id, { at: STORE_NOW + 1, state: "amber" });
      await opened.guardrails.keepEvaluations(environmentId, [sampleEvaluation(guardrail.id)]);
      await opened.guardrails.keepEvaluations(environmentId, [seen, sampleEvaluation(randomUUID())]);
      expect(await opened.guardrails.evaluations(environmentId, experimentId)).toStrictEqual([seen]);
    });

    it("gives firings newest first, with their steps oldest first", async () => {
      const experimentId = await storedExperimentId();
      const guardrail = sampleGuardrail(experimentId);
      const [early, late] = [sampleFiring(guardrail, STORE_NOW), sampleFiring(guardrail, STORE_NOW + 10)];
      const failed = stepOf(early.id, "failed", STORE_NOW + 1);
      const acted = stepOf(early.id, "acted", STORE_NOW + 2);
      await commit({ guardrails: { addFirings: [early], addSteps: [failed] }, audit });
      await commit({ guardrails: { addFirings: [late], addSteps: [acted] }, audit });
      const recorded = { firing: early, steps: [failed, acted] };
      const { guardrails } = opened;
      expect(await guardrails.firings(environmentId, experimentId, 5)).toStrictEqual([
        { firing: late, steps: [] },
        recorded,
      ]);
      expect(await guardrails.firings(environmentId, experimentId, 1)).toStrictEqual([{ firing: late, steps: [] }]);
      expect(await guardrails.firing(environmentId, early.id)).toStrictEqual(recorded);
      expect(await guardrails.lastFiring(environmentId, guardrail.id)).toMatchObject({ firing: { id: late.id } });
      expect(await guardrails.firing(opened.otherEnvironmentId, early.id)).toBeUndefined();
    });

    it("lets a firing fail often, but act and be undone once", async () => {
      const guardrail = sampleGuardrail(await storedExperimentId());
      const firing = sampleFiring(guardrail, STORE_NOW);
      await commit({ guardrails: { addFirings: [firing], addSteps: [stepOf(firing.id, "failed", 1)] }, audit });
      await commit({ guardrails: { addSteps: [stepOf(firing.id, "failed", 2)] }, audit });
      await commit({ guardrails: { addSteps: [stepOf(firing.id, "acted", 3)] }, audit });
      await commit({ guardrails: { addSteps: [stepOf(firing.id, "undone", 4)] }, audit });
      for (const kind of ["acted", "undone"] as const) {
        const again = commit({ guardrails: { addSteps: [stepOf(firing.id, kind, 5)] }, audit });
        await expect(again).rejects.toMatchObject({ code: "database_rejected" });
      }
      const found = await opened.guardrails.firing(environmentId, firing.id);
      expect(found?.steps.map(({ kind }) => kind)).toStrictEqual(["failed", "failed", "acted", "undone"]);
    });

    it("keeps any text that people write", async () => {
      const firing = sampleFiring(sampleGuardrail(await storedExperimentId()), STORE_NOW);
      const texts = TREACHEROUS_TEXTS.filter((text) => text.isWellFormed());
      const steps = texts.map((said, index) => ({ ...stepOf(firing.id, "failed", STORE_NOW + index), said }));
      await commit({ guardrails: { addFirings: [firing], addSteps: steps }, audit });
      expect((await opened.guardrails.firing(environmentId, firing.id))?.steps).toStrictEqual(steps);
    });

    it("keeps ramp plans", async () => {
      const experimentId = await storedExperimentId();
      const steps = [
        { allocation: 100, holdHours: 12 },
        { allocation: 10_000, holdHours: 0 },
      ];
      const plan: RampPlan = { experimentId, steps, held: false, since: null, version: 1, updatedAt: STORE_NOW };
      await commit({ guardrails: { putRamps: [plan] }, audit });
      const next = { ...plan, held: true, since: STORE_NOW, version: 2 };
      await commit({ guardrails: { putRamps: [next] }, audit });
      expect(await opened.guardrails.ramps(environmentId, experimentId)).toStrictEqual([next]);
      await commit({ guardrails: { removeRampsOf: [experimentId] }, audit });
      expect(await opened.guardrails.ramps(environmentId, experimentId)).toStrictEqual([]);
    });

    it("forgets guardrails and plans with their experiment, and no firing", async () => {
      const experimentId = await storedExperimentId();
      const guardrail = sampleGuardrail(experimentId);
      const firing = sampleFiring(guardrail, STORE_NOW);
      await commit({ guardrails: { put: [guardrail], addFirings: [firing] }, audit });
      await commit({ configuration: { removeExperimentIds: [experimentId] }, audit });
      expect(await opened.guardrails.list(environmentId, experimentId)).toStrictEqual([]);
      expect(await opened.guardrails.firing(environmentId, firing.id)).toStrictEqual({ firing, steps: [] });
    });

    it("counts whom an experiment reached in a time", async () => {
      if (opened.sink === null) return;
      const experimentId = await storedExperimentId();
      const variantId = randomUUID();
      const decided = (subjectId: string, decidedAt: number): DecisionRecord =>
        assigningDecision({ environmentId, subjectId }, experimentId, { variantId, decidedAt });
      await opened.sink.write([
        decided("a", STORE_NOW - 2_000_000),
        decided("a", STORE_NOW - 1_000_000),
        decided("b", STORE_NOW - 1_000_000),
        decided("c", STORE_NOW + 1_000_000),
      ]);
      const span = { from: STORE_NOW - 3_000_000, to: STORE_NOW };
      expect(await opened.guardrails.reached(environmentId, experimentId, span)).toStrictEqual([
        { variantId, subjects: 2, decisions: 3 },
      ]);
    });
  });
}
