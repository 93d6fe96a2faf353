import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDecideRequest } from "../decide-request.ts";
import { isFlagKey, readOfrepRequest } from "./ofrep-request.ts";

describe("readOfrepRequest", () => {
  it("takes the targeting key for the subject and the rest for its attributes", () => {
    expect(readOfrepRequest({ context: { targetingKey: "ada", country: "DE", age: 36 } })).toEqual({
      ok: true,
      subject: { subjectId: "ada", attributes: { country: "DE", age: 36 } },
    });
  });

  it("lets fields through that later versions of the protocol may have", () => {
    expect(readOfrepRequest({ context: { targetingKey: "ada" }, later: true })).toMatchObject({ ok: true });
  });

  it("says where the first fault is, in no words of the caller", () => {
    expect(readOfrepRequest({ context: { targetingKey: ["secret"] } })).toEqual({
      ok: false,
      fault: { errorCode: "INVALID_CONTEXT", path: "/context/targetingKey", message: "must be a string" },
    });
  });

  it("takes exactly the subjects that POST /v1/decide takes", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 300, unit: "binary" }),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (id, attributes) => {
          const { targetingKey: _, ...own } = attributes;
          const decide = readDecideRequest({ flag: "a", subject_id: id, attributes: own });
          const read = readOfrepRequest({ context: { ...own, targetingKey: id } });
          expect(read.ok).toBe(decide.ok);
          if (read.ok) expect(read.subject).toEqual({ subjectId: id, attributes: own });
        },
      ),
    );
  });

  it("never throws, whatever JSON it gets", () => {
    fc.assert(fc.property(fc.jsonValue(), (body) => typeof readOfrepRequest(body).ok === "boolean"));
  });
});

describe("isFlagKey", () => {
  it.each([
    ["checkout", true],
    ["", false],
    ["k".repeat(256), true],
    ["k".repeat(257), false],
    ["a\0b", false],
    ["\ud800", false],
  ])("takes %j: %j", (key, expected) => {
    expect(isFlagKey(key)).toBe(expected);
  });
});
