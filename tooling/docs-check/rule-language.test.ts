import { readFileSync } from "node:fs";
import { isJsonObject, type JsonObject, type JsonValue } from "@lotty/domain";
import { check, DIAGNOSTIC_CODES, format, parse, RULE_LIMITS, type Diagnostic } from "@lotty/dsl";
import { compileRule, evaluateRule, type SegmentTests } from "@lotty/engine";
import { describe, expect, it } from "vitest";
import { readExamples, type DocumentedExample } from "./read-examples.ts";

const page = readFileSync(new URL("../../docs/rule-language.md", import.meta.url), "utf8");
const examples = readExamples(page);

function examplesOf(kind: string): readonly DocumentedExample[] {
  return examples.filter((example) => example.kind === kind);
}

/** The rule of an example, which has to be one. */
function read(text: string): Extract<ReturnType<typeof parse>, { ok: true }> {
  const result = parse(text);
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join("\n"));
  return result;
}

/** The segment that the page has its examples with. */
const SEGMENTS: SegmentTests = new Map([["beta", compileRule(read('plan == "beta"').rule).test]]);

/** Diagnostics as the page writes them: code and words. */
function told(text: string, diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, range }) => `${code}: ${text.slice(range.start.offset, range.end.offset)}`.trimEnd());
}

function attributesOf(json: string): JsonObject {
  const value = JSON.parse(json) as JsonValue;
  if (!isJsonObject(value)) throw new Error(`${json} is no object`);
  return value;
}

describe("the examples of the rule language", () => {
  it("are of all kinds, and of no other", () => {
    expect(new Set(examples.map(({ kind }) => kind))).toEqual(
      new Set(["lotty-rule", "lotty-check", "lotty-format", "lotty-fault"]),
    );
  });

  it.each(examplesOf("lotty-rule"))("come out as written: line $line", ({ text, expected }) => {
    const rule = compileRule(read(text).rule, SEGMENTS);
    const outcomes = expected.map((line) => {
      const [json = ""] = line.split(" => ");
      return `${json} => ${evaluateRule(rule, attributesOf(json))}`;
    });
    expect(expected).not.toHaveLength(0);
    expect(outcomes).toEqual(expected);
  });

  it.each(examplesOf("lotty-check"))("are warned of as written: line $line", ({ text, expected }) => {
    expect(told(text, check(read(text)))).toEqual(expected);
  });

  it.each(examplesOf("lotty-format"))("are printed as written: line $line", ({ text, expected }) => {
    expect([format(read(text).rule)]).toEqual(expected);
  });

  it.each(examplesOf("lotty-fault"))("are refused as written: line $line", ({ text, expected }) => {
    const result = parse(text);
    expect(told(text, result.ok ? [] : result.diagnostics)).toEqual(expected);
  });
});

describe("the tables of the rule language", () => {
  it("have every rule of the overview readable", () => {
    const overview = page.slice(page.indexOf("## In one minute"), page.indexOf("## Attributes and paths"));
    const rules = Array.from(overview.matchAll(/`([a-zN][^`]* [^`]*)`/g), ([, text = ""]) => text);
    expect(rules.length).toBeGreaterThan(10);
    expect(rules.filter((text) => !parse(text).ok)).toEqual([]);
  });

  it("name every diagnostic code under its severity", () => {
    const errors = page.slice(page.indexOf("### Errors: the text"), page.indexOf("### Warnings"));
    const warnings = page.slice(page.indexOf("### Warnings"), page.indexOf("## Differences"));
    const listed = (section: string): readonly string[] =>
      Array.from(section.matchAll(/^\| `([a-z_]+)` +\|/gm), ([, code = ""]) => code);
    const codes = (severity: string): readonly string[] =>
      Object.entries(DIAGNOSTIC_CODES).flatMap(([code, its]) => (its === severity ? [code] : []));
    expect(new Set(listed(errors))).toEqual(new Set(codes("error")));
    expect(new Set(listed(warnings))).toEqual(new Set(codes("warning")));
  });

  it("give the limits as they are", () => {
    const section = page.slice(page.indexOf("## Limits"), page.indexOf("## Diagnostics"));
    const listed = Array.from(section.matchAll(/\| +([\d,]+) \|$/gm), ([, value = ""]) =>
      Number(value.replaceAll(",", "")),
    );
    expect(listed).toEqual(Object.values(RULE_LIMITS));
  });
});
