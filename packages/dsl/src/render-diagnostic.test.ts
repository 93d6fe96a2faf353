import { describe, expect, it } from "vitest";
import { parse } from "./parse.ts";
import { renderDiagnostic } from "./render-diagnostic.ts";

function rendered(text: string): string {
  const result = parse(text);
  const [first] = result.ok ? [] : result.diagnostics;
  return first === undefined ? "" : renderDiagnostic(text, first);
}

describe("renderDiagnostic", () => {
  it("points at the place", () => {
    expect(rendered('a == 1 AND\n  country IN "DE"')).toBe(
      [
        "error: The values of `IN` stand in square brackets. [missing_brackets]",
        " --> line 2, column 14",
        ' 2 |   country IN "DE"',
        "   |              ^^^^",
        '   = Did you mean ["DE"]?',
      ].join("\n"),
    );
  });

  it("points behind the text where something is missing at its end", () => {
    expect(rendered("a ==").split("\n")[3]).toBe("   |     ^");
  });

  it("keeps the carets under the place after characters of two code units", () => {
    const [, , line = "", carets = ""] = rendered('a == "😀" AND b = 1').split("\n");
    expect([...line][carets.indexOf("^")]).toBe("=");
  });

  it("cuts long lines around the place", () => {
    const [, , line = "", carets = ""] = rendered(`${"a == 1 AND ".repeat(50)}b = 1`).split("\n");
    expect(line.length).toBeLessThan(120);
    expect(line[carets.indexOf("^")]).toBe("=");
  });

  it("shows the first line of a range over several", () => {
    const text = "a == [\n1\n]";
    const range = {
      start: { offset: 5, line: 1, column: 6 },
      end: { offset: 10, line: 3, column: 2 },
    };
    expect(renderDiagnostic(text, { code: "unexpected_word", severity: "error", message: "no", range })).toBe(
      "error: no [unexpected_word]\n --> line 1, column 6\n 1 | a == [\n   |      ^",
    );
  });

  it("lets no control character through to the terminal", () => {
    const shown = rendered("a == \u001b[2J\u202e");
    expect(shown).toContain("[2J");
    expect(shown.includes("\u001b") || shown.includes("\u202e")).toBe(false);
  });
});
