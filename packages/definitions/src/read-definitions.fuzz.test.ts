import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDefinitions } from "./read-definitions.ts";
import { renderProblem } from "./problem.ts";

const FILE = `flags:
  - key: colour
    type: string
    default: &d grey
  - { key: size, type: json, default: { a: [1, "x"], b: *d } }
experiments:
  - key: test
    flag: colour
    status: running
    targeting: |
      country IN ["DE"] AND NOT (age < 3)
    traffic: 33.33
    variants:
      - { name: a, value: red, weight: 50, control: true }
domains:
  - key: page
    members: [{ experiment: test, priority: 1 }]
`;

/** The file with some stretches replaced: most of the results are nearly files. */
const damaged = fc
  .array(
    fc.record({
      at: fc.nat(FILE.length),
      length: fc.nat(12),
      put: fc.oneof(
        fc.string(),
        fc.constantFrom(
          "\n",
          "  ",
          "*d",
          "&d ",
          "- ",
          "? ",
          "{",
          "[",
          "'",
          '"',
          "|",
          "%",
          "!!x ",
          "---\n",
          "\t",
          "\0",
          "\ud800",
        ),
      ),
    }),
    { maxLength: 4 },
  )
  .map((edits) => edits.reduce((text, { at, length, put }) => text.slice(0, at) + put + text.slice(at + length), FILE));

describe("readDefinitions", () => {
  it("reads the sample", () => {
    expect(readDefinitions(FILE, { fileName: "f" })).toMatchObject({ ok: true, warnings: [] });
  });

  it("never throws, and places every problem inside the file", () => {
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string({ unit: "binary" }), fc.json()), (text) => {
        const reading = readDefinitions(text, { fileName: "f" });
        if (reading.ok) return;
        expect(reading.problems.length).toBeGreaterThan(0);
        const lines = text.split("\n");
        for (const problem of reading.problems) {
          expect(problem.line).toBeGreaterThanOrEqual(1);
          expect(problem.line).toBeLessThanOrEqual(lines.length);
          expect(problem.column).toBeGreaterThanOrEqual(1);
          expect(problem.column).toBeLessThanOrEqual((lines[problem.line - 1]?.length ?? 0) + 1);
          expect(problem.message).not.toBe("");
          renderProblem(problem, text);
        }
      }),
      { numRuns: 1_000 },
    );
  }, 60_000);
});
