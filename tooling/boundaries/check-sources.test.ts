import { describe, expect, test } from "vitest";
import { aPackage, type PackageTraits } from "./a-package.ts";
import { checkSources } from "./check-sources.ts";

function messages(traits: PackageTraits): readonly string[] {
  return checkSources([aPackage("engine", traits)]).map(({ message }) => message);
}

test.each([undefined, "", "# engine", "# @lotty/engine", "# @lotty/engine: ", "\n# @lotty/engine: late"])(
  "a README that begins with %j does not say what the package is for",
  (readme) => {
    expect(messages({ readme })).toEqual(['has to begin with "# @lotty/engine: <what it is for>"']);
  },
);

test.each(["src/utils.ts", "src/helpers/text.ts", "src/common.test.ts", "src/misc.integration.test.ts"])(
  "%s has a name that says nothing",
  (path) => {
    expect(messages({ sources: { [path]: "" } })).toHaveLength(1);
  },
);

test("exporting everything of a module is a violation", () => {
  expect(messages({ sources: { "src/index.ts": 'export * from "./a.ts";\n' } })).toEqual([
    "exports everything of another module; list the names",
  ]);
});

test("types in documentation comments are a violation", () => {
  const text = "/**\n * @param {string} a the text\n */\nfunction f(a: string): void {}\n";
  expect(messages({ sources: { "src/f.ts": text } })).toEqual(["repeats types in its documentation comments"]);
});

describe("documentation comments", () => {
  const index = 'export { shown, type Shown } from "./a.ts";\n';

  test("are missing where a name in index.ts has none", () => {
    const sources = { "src/index.ts": index, "src/a.ts": "export const shown = 1;\nexport interface Shown {}\n" };
    expect(messages({ sources })).toEqual([
      "exports shown without a documentation comment",
      "exports Shown without a documentation comment",
    ]);
  });

  test("are not asked of what only the package itself sees", () => {
    expect(messages({ sources: { "src/index.ts": index, "src/b.ts": "export const inner = 1;\n" } })).toEqual([]);
  });

  test("are asked once of an overloaded function", () => {
    const text = "/** Documented. */\nexport function shown(): void;\nexport function shown(a?: string): void {}\n";
    expect(messages({ sources: { "src/index.ts": index, "src/a.ts": text } })).toEqual([]);
  });

  test("are asked of everything in a package that is imported file by file", () => {
    expect(messages({ sources: { "src/a.ts": "export class Fake {}\n" } })).toEqual([
      "exports Fake without a documentation comment",
    ]);
  });
});
