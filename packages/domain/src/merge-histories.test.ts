import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Assignment, SubjectHistory } from "./assignment.ts";
import type { DecisionRecord } from "./decision.ts";
import { assignmentsOf, mergeHistories } from "./merge-histories.ts";

const assignment = fc
  .record({ experiment: fc.nat(4), variant: fc.nat(2), first: fc.nat(20), span: fc.nat(20) })
  .map(({ experiment, variant, first, span }): Assignment => {
    return {
      experimentId: `e${experiment}`,
      variantId: `v${variant}`,
      firstDecidedAt: first,
      lastDecidedAt: first + span,
    };
  });
const history = fc.uniqueArray(assignment, { selector: ({ experimentId }) => experimentId });

const decision = fc
  .record({ experiment: fc.nat(3), variant: fc.nat(2), decidedAt: fc.nat(50), assigned: fc.boolean() })
  .map(({ experiment, variant, decidedAt, assigned }): DecisionRecord => {
    return {
      decisionId: "d",
      environmentId: "e",
      flagKey: "f",
      subjectId: "s",
      experimentId: `e${experiment}`,
      variantId: `v${variant}`,
      value: "",
      reason: assigned ? "experiment_assigned" : "outside_traffic_allocation",
      ruleId: null,
      flagVersion: null,
      experimentVersion: null,
      attributesDigest: null,
      hashVersion: 1,
      decidedAt,
    };
  });

function sorted(given: SubjectHistory): SubjectHistory {
  return given.toSorted((one, other) => (one.experimentId < other.experimentId ? -1 : 1));
}

function spans(given: SubjectHistory): unknown {
  return sorted(given).map((each) => ({ ...each, variantId: "" }));
}

describe("mergeHistories", () => {
  it("knows each experiment once, with everything that either source knew", () => {
    fc.assert(
      fc.property(history, history, (one, other) => {
        const merged = mergeHistories(one, other);
        const ids = merged.map(({ experimentId }) => experimentId);
        expect(new Set(ids).size).toBe(ids.length);
        for (const known of [...one, ...other]) {
          const both = merged.find(({ experimentId }) => experimentId === known.experimentId);
          expect(both?.firstDecidedAt).toBeLessThanOrEqual(known.firstDecidedAt);
          expect(both?.lastDecidedAt).toBeGreaterThanOrEqual(known.lastDecidedAt);
        }
      }),
    );
  });

  it("comes out the same in any grouping, and in any order but for the variant of a tie", () => {
    fc.assert(
      fc.property(history, history, history, (one, two, three) => {
        expect(sorted(mergeHistories(mergeHistories(one, two), three))).toEqual(
          sorted(mergeHistories(one, mergeHistories(two, three))),
        );
        expect(spans(mergeHistories(one, two))).toEqual(spans(mergeHistories(two, one)));
        expect(mergeHistories(one, one)).toEqual(one);
      }),
    );
  });
});

describe("assignmentsOf", () => {
  it("has one assignment per experiment that was assigned, with the variant of the latest decision", () => {
    fc.assert(
      fc.property(fc.array(decision), (decisions) => {
        for (const each of assignmentsOf(decisions)) {
          const own = decisions.filter(
            ({ reason, experimentId }) => reason === "experiment_assigned" && experimentId === each.experimentId,
          );
          const instants = own.map(({ decidedAt }) => decidedAt);
          expect(each.firstDecidedAt).toBe(Math.min(...instants));
          expect(each.lastDecidedAt).toBe(Math.max(...instants));
          expect(own.findLast(({ decidedAt }) => decidedAt === each.lastDecidedAt)?.variantId).toBe(each.variantId);
        }
        const assigned = decisions.filter(({ reason }) => reason === "experiment_assigned");
        expect(assignmentsOf(decisions)).toHaveLength(new Set(assigned.map(({ experimentId }) => experimentId)).size);
      }),
    );
  });
});
