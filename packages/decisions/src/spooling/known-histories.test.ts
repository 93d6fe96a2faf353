import type { Assignment } from "@lotty/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KnownHistories } from "./known-histories.ts";

function subject(id: number) {
  return { environmentId: "production", subjectId: `subject-${id}` };
}

function assignment(experiment: number, decidedAt = 1): Assignment {
  return { experimentId: `e${experiment}`, variantId: "v", firstDecidedAt: decidedAt, lastDecidedAt: decidedAt };
}

describe("KnownHistories", () => {
  it("adds what is new, replaces what was told whole, and knows nothing of others", () => {
    const known = new KnownHistories(20);
    known.add(subject(1), [assignment(1)]);
    known.add(subject(1), [assignment(2)]);
    expect(known.of(subject(1))).toEqual([assignment(1), assignment(2)]);
    known.replace(subject(1), [assignment(3)]);
    expect(known.of(subject(1))).toEqual([assignment(3)]);
    known.replace(subject(1), []);
    expect(known.of(subject(1))).toEqual([]);
    expect(known.of({ environmentId: "other", subjectId: "subject-1" })).toEqual([]);
  });

  it("keeps whoever is seen again and again, and forgets others when there is too much", () => {
    const known = new KnownHistories(10);
    for (let id = 2; id < 50; id += 1) {
      known.add(subject(1), [assignment(1, id)]);
      known.add(subject(id), [assignment(1)]);
    }
    expect(known.of(subject(1))).toEqual([{ ...assignment(1, 2), lastDecidedAt: 49 }]);
    expect(known.of(subject(49))).toHaveLength(1);
    expect(known.of(subject(2))).toEqual([]);
  });

  it("never keeps more assignments than it may, and never anything but the last that it was told", () => {
    const step = fc.record({ id: fc.nat(8), experiments: fc.array(fc.nat(3), { maxLength: 4 }) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const known = new KnownHistories(12);
        const told = new Map<number, readonly Assignment[]>();
        for (const { id, experiments } of steps) {
          const history = [...new Set(experiments)].map((experiment) => assignment(experiment));
          known.replace(subject(id), history);
          told.set(id, history);
          expect(known.of(subject(id))).toEqual(history);
          const kept = Array.from({ length: 9 }, (_, other) => known.of(subject(other)));
          expect(kept.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(12);
          for (const [other, each] of kept.entries()) expect([[], told.get(other) ?? []]).toContainEqual(each);
        }
      }),
    );
  });

  it("takes no longer when it is full than when it is empty", () => {
    const known = new KnownHistories(50_000);
    const fill = (from: number) => {
      const startedAt = performance.now();
      for (let id = from; id < from + 50_000; id += 1) known.add(subject(id), [assignment(1)]);
      return performance.now() - startedAt;
    };
    const empty = fill(0);
    // A factor of thousands without the two halves, so that no busy machine matters.
    expect(fill(50_000)).toBeLessThan(20 * empty + 200);
  });
});
