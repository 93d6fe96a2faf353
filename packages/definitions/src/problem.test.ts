import { describe, expect, it } from "vitest";
import { renderProblem } from "./problem.ts";

describe("renderProblem", () => {
  it("shows the line with a mark under the place and the hint beside it", () => {
    const problem = { file: "f.yaml", line: 2, column: 7, path: "a.b", message: "is wrong", hint: "write 1" };
    expect(renderProblem(problem, "a:\n  b:\t2\n")).toBe(
      "f.yaml:2:7: a.b: is wrong\n  2 |   b: 2\n    |       ^ write 1",
    );
  });

  it("shows the surroundings of a place far to the right", () => {
    const problem = { file: "f.json", line: 1, column: 5_001, path: "", message: "is wrong" };
    const lines = renderProblem(problem, `${"x".repeat(5_000)}!${"y".repeat(5_000)}`).split("\n");
    expect(lines[1]?.length).toBeLessThan(200);
    expect(lines[1]?.[lines[2]?.indexOf("^") ?? -1]).toBe("!");
  });
});
