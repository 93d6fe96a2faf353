import { describe, expect, it } from "vitest";
import { renderRehearsal } from "./render-rehearsal.ts";

const NEVER = { share: 0, se: 0, median_hours: null, p90_hours: null, median_subjects: null, p90_subjects: null };
const CAUGHT = {
  share: 0.975,
  se: 0.011,
  median_hours: 26.5,
  p90_hours: 70,
  median_subjects: 22_083.4,
  p90_subjects: 58_333,
};

describe("a rehearsal for a person", () => {
  it("tells how often the guardrail fires, and how soon, when it should and when it should not", () => {
    const found = {
      source: "recorded",
      recorded_subjects: 1_200,
      mean: 0.2,
      variance: 0.16,
      days: 14,
      runs: 200,
      seed: 1,
      no_effect: NEVER,
      at_margin: {
        ...NEVER,
        share: 0.02,
        se: 0.0099,
        median_hours: 100,
        p90_hours: 200,
        median_subjects: 9,
        p90_subjects: 10,
      },
      true_harm: CAUGHT,
      naive: { ...CAUGHT, share: 0.3, se: 0.0324 },
    } as const;
    expect(renderRehearsal(found, 0.1, (_tone, text) => text).split("\n")).toEqual([
      "200 runs of 14 days, seed 1, from 1200 recorded subjects: mean 0.2, variance 0.16",
      "WHEN THE TREATMENT HAS              FIRES           HOURS (P90)  SUBJECTS (P90)",
      "no effect (false alarms)            never in 200    -            -",
      "as harmful as the margin            2 % ± 1.9 %     100 (200)    9 (10)",
      "10 % worse                          97.5 % ± 2.2 %  26.5 (70)    22083 (58333)",
      "no effect, a one-look test instead  30 % ± 6.4 %    26.5 (70)    22083 (58333)",
    ]);
  });
});
