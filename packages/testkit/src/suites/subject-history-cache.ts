import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Assignment, SubjectHistory, SubjectHistoryCache } from "@lotty/domain";

/** A history cache to be tested, empty. */
export interface OpenedSubjectHistoryCache {
  readonly cache: SubjectHistoryCache;
  /** Lets time pass for the cache: a manual clock moves, a server is waited for. */
  advance(seconds: number): Promise<void>;
  close(): Promise<void>;
}

/** Long enough not to end while a test runs. */
const LONG_SECONDS = 600;

const instants = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const assignments: fc.Arbitrary<Assignment> = fc.record(
  {
    experimentId: fc.constantFrom("e1", "e2", "e3", "v", "length", "__proto__"),
    variantId: fc.string(),
    firstDecidedAt: instants,
    lastDecidedAt: instants,
  },
  { noNullPrototype: true },
);
const histories = fc.uniqueArray(assignments, { selector: ({ experimentId }) => experimentId });

type Step =
  | { readonly kind: "put" | "merge"; readonly subject: string; readonly assignments: SubjectHistory }
  | { readonly kind: "remove"; readonly subject: string };

const subjects = fc.constantFrom("s1", "s2");
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom("put" as const, "merge" as const), subject: subjects, assignments: histories }),
  fc.record({ kind: fc.constant("remove" as const), subject: subjects }),
);

/** Registers the tests that every history cache passes. */
export function describeSubjectHistoryCache(name: string, open: () => Promise<OpenedSubjectHistoryCache>): void {
  describe(`subject history cache ${name}`, () => {
    let opened: OpenedSubjectHistoryCache;
    let cache: SubjectHistoryCache;
    beforeEach(async () => {
      opened = await open();
      cache = opened.cache;
    });
    afterEach(() => opened.close());

    const first: Assignment = { experimentId: "e1", variantId: "v1", firstDecidedAt: 1, lastDecidedAt: 2 };
    const second: Assignment = { experimentId: "e2", variantId: "v2", firstDecidedAt: 3, lastDecidedAt: 4 };

    it("tells an empty history from none", async () => {
      expect(await cache.get("env", "subject")).toBeUndefined();
      await cache.put("env", "subject", { history: [], ttlSeconds: LONG_SECONDS });
      expect(await cache.get("env", "subject")).toStrictEqual([]);
    });

    it("tells at once what it tells later, if it can tell at once at all", async () => {
      if (cache.getNow === undefined) return;
      expect(cache.getNow("env", "subject")).toBeUndefined();
      await cache.put("env", "subject", { history: [first], ttlSeconds: LONG_SECONDS });
      expect(cache.getNow("env", "subject")).toStrictEqual([first]);
      await cache.remove("env", "subject");
      expect(cache.getNow("env", "subject")).toBeUndefined();
    });

    it("keeps times to the microsecond", async () => {
      const latest = { ...first, firstDecidedAt: 1_793_541_234_567_891, lastDecidedAt: Number.MAX_SAFE_INTEGER };
      await cache.put("env", "subject", { history: [first], ttlSeconds: LONG_SECONDS });
      await cache.merge("env", "subject", [latest]);
      expect(await cache.get("env", "subject")).toStrictEqual([latest]);
    });

    it("merges into a history that is kept, empty ones included, and into no other", async () => {
      await cache.merge("env", "unknown", [first]);
      expect(await cache.get("env", "unknown")).toBeUndefined();
      await cache.put("env", "empty", { history: [], ttlSeconds: LONG_SECONDS });
      await cache.merge("env", "empty", [first]);
      expect(await cache.get("env", "empty")).toStrictEqual([first]);
    });

    it("loses nothing of merges at the same time", async () => {
      await cache.put("env", "subject", { history: [], ttlSeconds: LONG_SECONDS });
      const many = Array.from({ length: 20 }, (_, index) => ({ ...first, experimentId: `e${index}` }));
      await Promise.all(many.map((assignment) => cache.merge("env", "subject", [assignment])));
      expect(sorted(await cache.get("env", "subject"))).toStrictEqual(sorted(many));
    });

    it("keeps subjects and environments apart, however their ids are cut", async () => {
      const owners: readonly (readonly [string, string])[] = [
        ["a", "b:c"],
        ["a:b", "c"],
        ["a", "b"],
        ["ab", ""],
        ["", "ab"],
        ["a", 'b","c'],
        ["{a}", "b"],
      ];
      for (const [index, [environment, subject]] of owners.entries()) {
        await cache.put(environment, subject, {
          history: [{ ...first, variantId: String(index) }],
          ttlSeconds: LONG_SECONDS,
        });
      }
      const found = await Promise.all(owners.map(([environment, subject]) => cache.get(environment, subject)));
      expect(found).toStrictEqual(owners.map((_, index) => [{ ...first, variantId: String(index) }]));
    });

    it("does not see what the caller changes afterwards", async () => {
      const mutable = { ...first };
      const history = [mutable];
      await cache.put("env", "subject", { history: history, ttlSeconds: LONG_SECONDS });
      mutable.variantId = "other";
      history.push(second);
      expect(await cache.get("env", "subject")).toStrictEqual([first]);
    });

    it("forgets a history when its time is over, which a merge does not move", async () => {
      await cache.put("env", "short", { history: [first], ttlSeconds: 2 });
      await cache.put("env", "long", { history: [first], ttlSeconds: 30 });
      await opened.advance(0.9);
      await cache.merge("env", "short", [second]);
      expect(sorted(await cache.get("env", "short"))).toStrictEqual([first, second]);
      await opened.advance(1.2);
      expect(await cache.get("env", "short")).toBeUndefined();
      expect(await cache.get("env", "long")).toStrictEqual([first]);
    });

    it("does what a map of maps does, whatever the order of operations", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(steps, { maxLength: 12 }), async (all) => {
          await Promise.all(["s1", "s2"].map((subject) => cache.remove("env", subject)));
          const model = new Map<string, Map<string, Assignment>>();
          for (const step of all) {
            apply(model, step);
            await carryOut(cache, step);
          }
          for (const subject of ["s1", "s2"]) {
            const kept = model.get(subject);
            expect(sorted(await cache.get("env", subject))).toStrictEqual(sorted(kept && [...kept.values()]));
          }
        }),
        { numRuns: 50 },
      );
    });
  });
}

function apply(model: Map<string, Map<string, Assignment>>, step: Step): void {
  if (step.kind === "remove") {
    model.delete(step.subject);
    return;
  }
  if (step.kind === "put") model.set(step.subject, new Map());
  for (const assignment of step.assignments) model.get(step.subject)?.set(assignment.experimentId, assignment);
}

async function carryOut(cache: SubjectHistoryCache, step: Step): Promise<void> {
  if (step.kind === "remove") await cache.remove("env", step.subject);
  else if (step.kind === "put")
    await cache.put("env", step.subject, { history: step.assignments, ttlSeconds: LONG_SECONDS });
  else await cache.merge("env", step.subject, step.assignments);
}

function sorted(history: SubjectHistory | undefined): SubjectHistory | undefined {
  return history?.toSorted((a, b) => (a.experimentId < b.experimentId ? -1 : 1));
}
