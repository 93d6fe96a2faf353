import { formatHundredths } from "@lotty/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_ATTRIBUTE_DEPTH, MAX_LISTED_FAULTS } from "../limits.ts";
import { readAuditVerifyQuery } from "./audit-queries.ts";
import { placeCursor, readFlagsQuery, readVersionsQuery } from "./control-queries.ts";
import { readExperimentEdit, readPlainAction } from "./experiment-requests.ts";
import { readFlagEdit, readNewFlag } from "./flag-requests.ts";
import { readNewDomain } from "./surroundings-requests.ts";

describe("a percentage", () => {
  it("is read exactly, as text and as a number", () => {
    fc.assert(
      fc.property(fc.nat(10_000), (hundredths) => {
        const text = formatHundredths(hundredths);
        for (const given of [text, Number(text)]) {
          expect(readExperimentEdit({ traffic_allocation: given })).toEqual({
            ok: true,
            request: { traffic_allocation: hundredths },
          });
        }
      }),
    );
  });

  it.each(["", "-1", "1e3", "0.001", " 5", "50%", 1e21, -0.5, 0.1 + 0.2, null, true, [50]])(
    "is not read from %j",
    (given) => {
      expect(readExperimentEdit({ traffic_allocation: given })).toMatchObject({
        ok: false,
        faults: [{ path: "/traffic_allocation" }],
      });
    },
  );
});

describe("a value", () => {
  function nested(levels: number): unknown {
    let value: unknown = 1;
    for (let level = 0; level < levels; level += 1) value = { inner: value };
    return value;
  }

  it("is nested up to the limit", () => {
    expect(readFlagEdit({ default: nested(MAX_ATTRIBUTE_DEPTH - 1) }).ok).toBe(true);
    expect(readFlagEdit({ default: nested(MAX_ATTRIBUTE_DEPTH) }).ok).toBe(false);
  });

  it("is passed on as the very object that was parsed, whatever its names are", () => {
    const value: unknown = JSON.parse('{"__proto__": {"admin": true}, "constructor": 1}');
    const read = readFlagEdit({ default: value });
    expect(read.ok && read.request.default).toBe(value);
    expect({}).not.toHaveProperty("admin");
  });

  it("that is null is a value, and one that is missing is a fault", () => {
    expect(readFlagEdit({ default: null })).toEqual({ ok: true, request: { default: null } });
    expect(readNewFlag({ key: "f", type: "json" })).toEqual({
      ok: false,
      faults: [{ path: "/default", message: "is required" }],
    });
  });

  it("has no text that the database does not take, not even as a name", () => {
    for (const value of [{ "\0": 1 }, ["a\0"], "\ud800", { a: { "\udfff": [] } }]) {
      expect(readFlagEdit({ default: value }).ok).toBe(false);
    }
  });
});

describe("what is not part of a request", () => {
  it("is a fault for every single name, none of which can change anything", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1 }), (body) => {
        const read = readPlainAction(body);
        expect(read.ok).toBe(false);
        if (!read.ok) expect(read.faults.length).toBe(Math.min(MAX_LISTED_FAULTS, Object.keys(body).length));
      }),
    );
  });
});

describe("what is left out", () => {
  it("is left out of an edit, and has its default in something new", () => {
    expect(readFlagEdit({})).toEqual({ ok: true, request: {} });
    expect(readNewDomain({ key: "d" })).toEqual({ ok: true, request: { key: "d", members: [] } });
    const rules = [{ rule: null, value: true }];
    expect(readFlagEdit({ rules })).toEqual({ ok: true, request: { rules: [{ ...rules[0], rollout: 10_000 }] } });
  });
});

describe("a query", () => {
  it("has each parameter once, and no other", () => {
    expect(readFlagsQuery(new URLSearchParams("tag=a&tag=b")).ok).toBe(false);
    expect(readFlagsQuery(new URLSearchParams("environment=test")).ok).toBe(false);
    expect(readFlagsQuery(new URLSearchParams("archived=yes")).ok).toBe(false);
    expect(readFlagsQuery(new URLSearchParams(""))).toEqual({ ok: true, request: { limit: 50 } });
  });

  it("takes cursors that an answer gave", () => {
    fc.assert(
      fc.property(fc.nat(), (place) => {
        const query = new URLSearchParams({ cursor: placeCursor(place) });
        expect(readVersionsQuery(query)).toMatchObject({ ok: true, request: { cursor: place } });
      }),
    );
    for (const cursor of ["", "p1_", "p1_-1", "p1_1e3", "p2_1", "1"]) {
      expect(readVersionsQuery(new URLSearchParams({ cursor })).ok).toBe(false);
    }
  });

  it("names an end of the chain as a whole or not at all", () => {
    const hash = "0".repeat(64);
    expect(readAuditVerifyQuery(new URLSearchParams({ hash, sequence: "0" })).ok).toBe(true);
    expect(readAuditVerifyQuery(new URLSearchParams({ hash })).ok).toBe(false);
    expect(readAuditVerifyQuery(new URLSearchParams({ hash: hash.slice(1), sequence: "1" })).ok).toBe(false);
  });
});
