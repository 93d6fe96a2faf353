import { describe, expect, it } from "vitest";
import { overlapOf } from "./overlap.ts";

const experiments = [
  { experimentId: "a", assigned: 100 },
  { experimentId: "b", assigned: 400 },
  { experimentId: "c", assigned: 0 },
];

describe("the overlap of experiments", () => {
  it("is what each has of the other, the largest first", () => {
    const pairs = [
      { experimentIds: ["a", "c"] as const, subjects: 0 },
      { experimentIds: ["a", "b"] as const, subjects: 50 },
      { experimentIds: ["b", "c"] as const, subjects: 60 },
    ];
    expect(overlapOf({ experiments, pairs, losses: [] }).pairs).toStrictEqual([
      { experimentIds: ["b", "c"], subjects: 60, shares: [0.15, 0] },
      { experimentIds: ["a", "b"], subjects: 50, shares: [0.5, 0.125] },
    ]);
  });

  it("is never more than everything, though the counts are of different moments", () => {
    const pairs = [{ experimentIds: ["a", "b"] as const, subjects: 120 }];
    expect(overlapOf({ experiments, pairs, losses: [] }).pairs[0]?.shares).toStrictEqual([1, 0.3]);
  });
});

describe("what a domain costs its members", () => {
  it("is what each lost of what it would have, and to whom", () => {
    const losses = [
      { domainId: "d", loserId: "a", winnerId: "b", subjects: 20 },
      { domainId: "d", loserId: "a", winnerId: "c", subjects: 80 },
      { domainId: "d", loserId: "b", winnerId: "a", subjects: 100 },
      { domainId: "e", loserId: "b", winnerId: "a", subjects: 0 },
    ];
    expect(overlapOf({ experiments, pairs: [], losses }).costs).toStrictEqual([
      {
        domainId: "d",
        experimentId: "a",
        lost: 100,
        share: 0.5,
        to: [
          { experimentId: "c", subjects: 80 },
          { experimentId: "b", subjects: 20 },
        ],
      },
      { domainId: "d", experimentId: "b", lost: 100, share: 0.2, to: [{ experimentId: "a", subjects: 100 }] },
    ]);
  });
});
