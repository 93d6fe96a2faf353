import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleDecision } from "@lotty/testkit/suites/decision-stream-fixture";
import { decodeDecision, encodeDecision } from "./decision-codec.ts";

const fields = JSON.parse(encodeDecision(sampleDecision(1))) as readonly unknown[];

describe("the text form of a decision", () => {
  it("is an array in a fixed order", () => {
    expect(encodeDecision(sampleDecision(1))).toBe(
      '["01900000-0000-7000-8000-000000000001","00000000-0000-7000-8000-000000000001","flag","subject-1",null,null,' +
        '"false","no_active_experiment",1,null,null,1,1790000000000001]',
    );
  });

  it("names the rule that gave the value at the end", () => {
    const decision = { ...sampleDecision(1), ruleId: "01900000-0000-7000-8000-00000000000a" };
    const text = encodeDecision(decision);
    expect(JSON.parse(text)).toStrictEqual([...fields, decision.ruleId]);
    expect(decodeDecision(text)).toStrictEqual(decision);
    expect(decodeDecision(JSON.stringify([...fields, ""]))).toHaveProperty("malformed");
  });

  it("has the attributes last, where they are recorded in full", () => {
    const attributes = '{"country":"DE"}';
    for (const ruleId of [null, "01900000-0000-7000-8000-00000000000a"]) {
      const decision = { ...sampleDecision(1), ruleId, attributes };
      const text = encodeDecision(decision);
      expect(JSON.parse(text)).toStrictEqual([...fields, ruleId, attributes]);
      expect(decodeDecision(text)).toStrictEqual(decision);
    }
    expect(decodeDecision(JSON.stringify([...fields, null, null]))).toHaveProperty("malformed");
  });

  it("keeps lone surrogates and NUL", () => {
    const decision = { ...sampleDecision(1), value: "\ud800\u0000" };
    expect(encodeDecision(decision).isWellFormed()).toBe(true);
    expect(decodeDecision(encodeDecision(decision))).toStrictEqual(decision);
  });

  it.each([
    [0, ""],
    [0, null],
    [1, 1],
    [2, null],
    [3, ""],
    [4, ""],
    [5, false],
    [6, null],
    [7, "no_such_reason"],
    [7, "toString"],
    [8, 1.5],
    [9, "1"],
    [10, 1],
    [11, 2],
    [12, null],
    [12, Number.MAX_SAFE_INTEGER + 1],
  ])("is malformed when field %i is %o", (index, value) => {
    expect(decodeDecision(JSON.stringify(fields.with(index, value)))).toHaveProperty("malformed");
  });

  it("is malformed with a field too few or too many", () => {
    expect(decodeDecision(JSON.stringify(fields.slice(1)))).toHaveProperty("malformed");
    expect(decodeDecision(JSON.stringify([...fields, "rule", "{}", 1]))).toHaveProperty("malformed");
  });

  it("is read without ever throwing", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => "malformed" in decodeDecision(text)));
  });
});
