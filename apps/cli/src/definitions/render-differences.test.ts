import type { DifferenceResponse } from "@lotty/contracts/definitions";
import { describe, expect, it } from "vitest";
import { countDifferences, renderDifferences } from "./render-differences.ts";

const plain = (_tone: unknown, text: string): string => text;

const kept: DifferenceResponse = { kind: "domain", key: "page", action: "kept" };

describe("renderDifferences", () => {
  it("shows one line for each thing and each field", () => {
    const differences: readonly DifferenceResponse[] = [
      { kind: "flag", key: "a", action: "added" },
      {
        kind: "experiment",
        key: "x",
        action: "changed",
        fields: [
          { field: "traffic", from: "50.00", to: "75.00" },
          { field: "variants.b.value", to: { y: 1 } },
        ],
      },
      { kind: "flag", key: "old\u001b", action: "removed" },
      kept,
    ];
    expect(renderDifferences(differences, plain)).toBe(
      [
        "+ flag a",
        "~ experiment x",
        '    traffic: "50.00" -> "75.00"',
        '    variants.b.value: (none) -> {"y":1}',
        "- flag old\\u{1b}",
        "= domain page (kept, not in the file)",
      ].join("\n"),
    );
    expect(countDifferences(differences)).toBe("3 differences");
  });

  it("says when there is nothing to change", () => {
    expect(renderDifferences([], plain)).toBe("Nothing to change.");
    expect(renderDifferences([kept], plain)).toContain("Nothing to change.\n= domain page");
  });
});
