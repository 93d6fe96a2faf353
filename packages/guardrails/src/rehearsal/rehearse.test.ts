import { describe, expect, it } from "vitest";
import { sampleMetric } from "../testing/sample-metric.ts";
import { rehearse, type Rehearsal, type RehearsalQuestion } from "./rehearse.ts";
import { assumedSource, recordedSource } from "./value-source.ts";

const QUESTION: RehearsalQuestion = {
  rule: {
    margin: 0.05,
    marginKind: "relative",
    alpha: 0.05,
    minimumSubjects: 100,
    tunedFor: 5_000,
    population: "exposed",
    action: "pause",
  },
  metric: sampleMetric().definition,
  source: assumedSource({ mean: 0.2, variance: 1 }, "conversion"),
  arrivalsPerDay: 2_000,
  treatmentShare: 0.5,
  days: 14,
  looksPerDay: 4,
  harm: 0.3,
  runs: 200,
  seed: 7,
};

function run(question: RehearsalQuestion): Rehearsal {
  const player = rehearse(question);
  for (;;) {
    const { done, value } = player.next();
    if (done === true) return value;
  }
}

describe("a rehearsal", () => {
  const rehearsal = run(QUESTION);

  it("keeps what the rule promises: at the margin it fires no more often than alpha, give or take chance", () => {
    const { atMargin } = rehearsal;
    expect(atMargin.share).toBeLessThanOrEqual(QUESTION.rule.alpha + 3 * Math.sqrt((0.05 * 0.95) / QUESTION.runs));
  });

  it("fires less often the less harm there is", () => {
    expect(rehearsal.noEffect.share).toBeLessThanOrEqual(rehearsal.atMargin.share);
    expect(rehearsal.noEffect.share).toBeLessThan(rehearsal.trueHarm.share);
  });

  it("catches a great harm, and says after how many hours and subjects", () => {
    const { trueHarm } = rehearsal;
    expect(trueHarm.share).toBeGreaterThan(0.95);
    expect(trueHarm.medianHours).toBeLessThan(72);
    expect(trueHarm.medianSubjects).toBe(Math.floor(((trueHarm.medianHours ?? 0) / 24) * QUESTION.arrivalsPerDay));
    expect(trueHarm.p90Hours).toBeGreaterThanOrEqual(trueHarm.medianHours ?? 0);
  });

  it("shows what looking often does to a test that is made for one look", () => {
    const margin0 = run({ ...QUESTION, rule: { ...QUESTION.rule, margin: 0 } });
    expect(margin0.naive.share).toBeGreaterThan(0.1);
    expect(margin0.noEffect.share).toBeLessThan(0.1);
  });

  it("is the same for the same seed, and another for another", () => {
    const few = { ...QUESTION, runs: 20 };
    expect(run(few)).toStrictEqual(run(few));
    expect(run({ ...few, seed: 8 })).not.toStrictEqual(run(few));
  });

  it("waits for the metric's window before it counts anybody", () => {
    const metric = { ...QUESTION.metric, windowHours: 48 };
    expect(run({ ...QUESTION, metric, runs: 20 }).trueHarm.medianHours).toBeGreaterThan(48);
  });

  it("draws from recorded values as from what they were drawn from", () => {
    const values = Array.from({ length: 1_000 }, (_, index) => ({
      subjectId: String(index),
      value: index % 10,
      denominator: 1,
    }));
    const source = recordedSource(values, "sum");
    expect(source).toMatchObject({ mean: 4.5, isShare: false });
    const metric = { ...QUESTION.metric, kind: "sum" } as const;
    const [recorded, assumed] = [source, assumedSource(source, "sum")].map((each) =>
      run({ ...QUESTION, metric, source: each, harm: 0.15, runs: 100 }),
    );
    const [one, other] = [recorded?.trueHarm.medianHours ?? 0, assumed?.trueHarm.medianHours ?? 0];
    expect(Math.abs(one - other)).toBeLessThanOrEqual(18);
  });

  it("refuses what nothing can be drawn from", () => {
    expect(() => recordedSource([], "sum")).toThrow("Only 0 subjects");
    expect(() => assumedSource({ mean: 1, variance: 0 }, "sum")).toThrow("Nothing varies");
    expect(() => assumedSource({ mean: 1.5, variance: 1 }, "conversion")).toThrow("between 0 and 1");
  });
});
