import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDecideRequest } from "./decide-request.ts";
import { MAX_FLAG_KEY_LENGTH, MAX_FLAGS, MAX_LISTED_FAULTS } from "./limits.ts";

const minimal = { flag: "checkout", subject_id: "user-1" };

function faultsOf(body: unknown): readonly { path: string; message: string }[] {
  const read = readDecideRequest(body);
  if (read.ok) throw new Error("the request was accepted");
  return read.faults;
}

function pathsOf(body: unknown): readonly string[] {
  return faultsOf(body).map((fault) => fault.path);
}

describe("readDecideRequest", () => {
  it("fills in what may be left out", () => {
    expect(readDecideRequest(minimal)).toEqual({
      ok: true,
      request: { ...minimal, attributes: {}, peek: false },
    });
  });

  it("takes a list of flags in place of one", () => {
    const body = {
      flags: ["a", "b"],
      subject_id: "user-1",
      attributes: { plan: "pro" },
      peek: true,
    };
    expect(readDecideRequest(body)).toEqual({ ok: true, request: body });
  });

  it("passes the attributes on as the object that was parsed", () => {
    const attributes: unknown = JSON.parse('{"__proto__":{"admin":true},"plan":"pro"}');
    const read = readDecideRequest({ ...minimal, attributes });
    expect(read.ok && read.request.attributes).toBe(attributes);
    expect(read.ok && Object.keys(read.request.attributes)).toEqual(["__proto__", "plan"]);
    expect(read.ok && "admin" in read.request.attributes).toBe(false);
  });

  it("wants exactly one of flag and flags", () => {
    expect(faultsOf({ ...minimal, flags: ["a"] })).toEqual([
      { path: "", message: "must have either flag or flags, not both" },
    ]);
    expect(faultsOf({ subject_id: "user-1" })).toEqual([{ path: "/flag", message: "is required" }]);
  });

  it.each([null, 1, "text", true, [], [minimal]])("refuses %j as a body", (body) => {
    expect(faultsOf(body)).toEqual([{ path: "", message: "must be an object" }]);
  });

  it("reports every fault at once", () => {
    expect(pathsOf({ flag: 1, subject_id: "", attributes: [], peek: "yes" })).toEqual([
      "/flag",
      "/subject_id",
      "/attributes",
      "/peek",
    ]);
  });

  it("refuses null for every field", () => {
    expect(pathsOf({ flag: null, subject_id: null, attributes: null, peek: null })).toHaveLength(4);
  });

  it("names unknown fields that look like names, and only those", () => {
    expect(faultsOf({ ...minimal, subjct_id: "x" })).toEqual([
      { path: "/subjct_id", message: "is not a field of this request" },
    ]);
    expect(faultsOf({ ...minimal, "<script>": 1 })).toEqual([
      { path: "", message: "has a field that is not one of this request" },
    ]);
    expect(pathsOf(JSON.parse('{"flag":"a","subject_id":"s","__proto__":{}}'))).toEqual(["/__proto__"]);
  });

  it("lists only so many faults", () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`field${index}`, 1]));
    expect(faultsOf({ ...minimal, ...many })).toHaveLength(MAX_LISTED_FAULTS);
  });

  it.each([
    ["an empty list", []],
    ["too many flags", Array.from({ length: MAX_FLAGS + 1 }, (_, index) => `flag${index}`)],
    ["a flag twice", ["a", "b", "a"]],
    ["something that is not a list", "a"],
  ])("refuses %s as flags", (_, flags) => {
    expect(pathsOf({ flags, subject_id: "user-1" })).toEqual(["/flags"]);
  });

  it("tells which of the flags is wrong", () => {
    expect(pathsOf({ flags: ["a", "", 3], subject_id: "user-1" })).toEqual(["/flags/1", "/flags/2"]);
  });

  it("takes as many flags as the limit says", () => {
    const flags = Array.from({ length: MAX_FLAGS }, (_, index) => `flag${index}`);
    expect(readDecideRequest({ flags, subject_id: "user-1" }).ok).toBe(true);
  });

  it.each(["", "a\0b", "\ud800", "f".repeat(MAX_FLAG_KEY_LENGTH + 1)])("refuses the flag key %j", (flag) => {
    expect(pathsOf({ ...minimal, flag })).toEqual(["/flag"]);
  });

  it.each(["", "a\0b", "\udc00tail", "ä".repeat(129), "x".repeat(257)])("refuses the subject id %j", (subject_id) => {
    expect(pathsOf({ ...minimal, subject_id })).toEqual(["/subject_id"]);
  });

  it("takes ids of any script up to the limit", () => {
    for (const subject_id of ["ä".repeat(128), "x".repeat(256), " ", "\u{1F600}".repeat(64)]) {
      expect(readDecideRequest({ ...minimal, subject_id }).ok).toBe(true);
    }
  });

  it("never repeats a value of the caller", () => {
    const secret = "s3cret-value";
    const text = JSON.stringify(faultsOf({ flag: [secret], subject_id: { secret }, attributes: secret, peek: secret }));
    expect(text).not.toContain(secret);
  });

  it("gives a request or faults for anything that JSON can express", () => {
    const field = fc.constantFrom("flag", "flags", "subject_id", "attributes", "peek", "__proto__", "other");
    const body = fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.jsonValue()));
    fc.assert(
      fc.property(body, (value) => {
        const read = readDecideRequest(value);
        if (!read.ok) expect(read.faults.length).toBeGreaterThan(0);
      }),
    );
  });
});
