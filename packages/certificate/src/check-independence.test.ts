import { bucketOf } from "@lotty/engine";
import { sampleExperiment } from "@lotty/testkit/suites/decision-store-fixture";
import { describe, expect, it } from "vitest";
import { checkIndependence } from "./check-independence.ts";
import { syntheticSubject } from "./synthetic-subjects.ts";

describe("independence", () => {
  it("fails for a crowd in which the variants of two experiments go together", () => {
    const [one, other] = [sampleExperiment("f"), { ...sampleExperiment("g"), key: "other" }];
    const half = (id: string, subjectId: string): boolean => bucketOf(subjectId, id, "variant") < 5_000;
    const everybody = Array.from({ length: 20_000 }, (_, place) => syntheticSubject(place));
    const together = everybody.filter((id, place) => place % 4 > 0 || half(one.id, id) === half(other.id, id));
    const verdicts = [everybody, together].map((ids) => {
      const work = checkIndependence(one, [other], ids);
      let step = work.next();
      while (step.done !== true) step = work.next();
      return step.value.map(({ about, verdict }) => [about, verdict]);
    });
    expect(verdicts).toStrictEqual([[["other", "passed"]], [["other", "failed"]]]);
  });
});
