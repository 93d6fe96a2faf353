import { describe, expect, it } from "vitest";
import { readExplainRequest } from "./explain-request.ts";

describe("readExplainRequest", () => {
  it("fills in the attributes when they are left out", () => {
    expect(readExplainRequest({ flag: "checkout", subject_id: "user-1" })).toEqual({
      ok: true,
      request: { flag: "checkout", subject_id: "user-1", attributes: {} },
    });
  });

  it("refuses fields of other requests", () => {
    expect(readExplainRequest({ flag: "checkout", subject_id: "user-1", peek: true })).toEqual({
      ok: false,
      faults: [{ path: "/peek", message: "is not a field of this request" }],
    });
  });

  it("reports every fault at once", () => {
    const read = readExplainRequest({ attributes: 1 });
    expect(read.ok ? [] : read.faults.map((fault) => fault.path)).toEqual(["/flag", "/subject_id", "/attributes"]);
  });
});
