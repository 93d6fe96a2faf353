import { describe, expect, test } from "vitest";
import { addUp, closingLine, readClosingLine, settle } from "./counts.ts";

describe("addUp", () => {
  test("sums both counts over all suites", () => {
    expect(
      addUp([
        { passed: 1, failed: 2 },
        { passed: 10, failed: 20 },
      ]),
    ).toEqual({ passed: 11, failed: 22 });
  });
});

describe("readClosingLine", () => {
  test("reads what closingLine prints", () => {
    expect(readClosingLine(closingLine({ passed: 12, failed: 3 }))).toEqual({ passed: 12, failed: 3 });
  });

  test("takes the last of several lines", () => {
    expect(readClosingLine("1 passed, 0 failed\nmore\n7 passed, 2 failed\n")).toEqual({ passed: 7, failed: 2 });
  });

  test.each(["", "all fine", "bucket.json: 5 passed, 0 failed", "5 passed, 0 failed, 2 left out"])(
    "finds none in %j",
    (text) => {
      expect(readClosingLine(text)).toBeUndefined();
    },
  );
});

describe("settle", () => {
  test("keeps the counts of a program that ended as it counted", () => {
    expect(settle({ passed: 5, failed: 0 }, 0)).toEqual({ passed: 5, failed: 0 });
    expect(settle({ passed: 5, failed: 2 }, 1)).toEqual({ passed: 5, failed: 2 });
  });

  test("counts one failure for a program that left no counts", () => {
    expect(settle(undefined, 0)).toEqual({ passed: 0, failed: 1 });
  });

  test("counts one failure for a program that failed without counting one", () => {
    expect(settle({ passed: 5, failed: 0 }, 1)).toEqual({ passed: 5, failed: 1 });
  });

  test("counts one failure for a program that was killed", () => {
    expect(settle({ passed: 5, failed: 0 }, null)).toEqual({ passed: 5, failed: 1 });
  });

  test("counts one failure for a program that checked nothing", () => {
    expect(settle({ passed: 0, failed: 0 }, 0)).toEqual({ passed: 0, failed: 1 });
  });
});
