import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const globals = "eslint(no-restricted-globals)";
const properties = "eslint(no-restricted-properties)";
const imports = "eslint(no-restricted-imports)";

/** Code in a file of its own, and the rule that must find it. */
interface Refused {
  readonly what: string;
  readonly code: string;
  readonly rule: string;
  readonly file: string;
}

/** What the engine must never touch. */
const impure: readonly Refused[] = [
  ["Date.now()", globals],
  ["new Date()", globals],
  ["new Intl.Collator()", globals],
  ["performance.now()", globals],
  ["setTimeout(String, 1)", globals],
  ["queueMicrotask(String)", globals],
  ["process.env", globals],
  ["globalThis.Date", globals],
  ["crypto.randomUUID()", globals],
  ['fetch("x")', globals],
  ["Math.random()", properties],
  ["console.log(1)", "eslint(no-console)"],
  ['await import("node:fs")', imports],
].map(([what = "", rule = ""], index) => {
  return {
    what,
    rule,
    code: `export const a: unknown = ${what};`,
    file: `packages/engine/src/impure-${String(index)}.ts`,
  };
});

/** What no package may contain. */
const untidy: readonly Refused[] = [
  ["a default export", "export default 1;", "import(no-default-export)"],
  ["any", "export const a: any = 1;", "typescript(no-explicit-any)"],
  ["the environment", "export const a = process.env;", "node(no-process-env)"],
  ["printing", 'console.log("a");', "eslint(no-console)"],
  ["a fourth parameter", "export const a = (b: 1, c: 1, d: 1, e: 1): number => b + c + d + e;", "eslint(max-params)"],
  ["more than 300 lines", `export const a = [\n${"  1,\n".repeat(300)}];`, "eslint(max-lines)"],
  ["a forgotten promise", "export async function a(): Promise<void> {}\na();", "typescript(no-floating-promises)"],
].map(([what = "", code = "", rule = ""], index) => {
  return { what, code, rule, file: `packages/cache/src/untidy-${String(index)}.ts` };
});

const files = {
  "packages/engine/src/pure.ts": "export const half = (a: number): number => Math.floor(a / 2);",
  "packages/engine/src/sha256/node.ts": 'import { hash } from "node:crypto";\nexport const a: unknown = hash;',
  "packages/cache/src/camelCase.ts": "export const a = 1;",
  "packages/cache/src/one.ts": 'import { two } from "./two.ts";\nexport const one: number = two;',
  "packages/cache/src/two.ts": 'import { one } from "./one.ts";\nexport const two: number = one;',
  "apps/api/src/main.ts": "export const a: unknown = process.env;",
  ...Object.fromEntries([...impure, ...untidy].map(({ file, code }) => [file, code])),
};
const broken = lint(files);

/** Lints files as if they lay in the repository; gives the rules that each one breaks. */
function lint(sources: Readonly<Record<string, string>>): ReadonlyMap<string, readonly string[]> {
  const house = mkdtempSync(join(tmpdir(), "lotty-lint-"));
  try {
    copyFileSync(join(repository, ".oxlintrc.json"), join(house, ".oxlintrc.json"));
    for (const [path, code] of Object.entries(sources)) {
      mkdirSync(dirname(join(house, path)), { recursive: true });
      writeFileSync(join(house, path), `${code}\n`);
    }
    const oxlint = join(repository, "node_modules/.bin/oxlint");
    const { stdout } = spawnSync(oxlint, ["--format=json"], { cwd: house, encoding: "utf8" });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
    const found = Map.groupBy(diagnostics, ({ filename }) => filename);
    return new Map([...found].map(([path, list]) => [path, list.map(({ code }) => code)]));
  } finally {
    rmSync(house, { recursive: true, force: true });
  }
}

describe("the engine", () => {
  test("may compute", () => {
    expect(broken.get("packages/engine/src/pure.ts")).toBeUndefined();
  });

  test.each(impure)("may not use $what", ({ file, rule }) => {
    expect(broken.get(file)).toContain(rule);
  });

  test("hashes with Node in one file", () => {
    expect(broken.get("packages/engine/src/sha256/node.ts") ?? []).not.toContain(imports);
  });
});

describe("a package", () => {
  test.each(untidy)("may not contain $what", ({ file, rule }) => {
    expect(broken.get(file)).toContain(rule);
  });

  test("may not name files in camel case", () => {
    expect(broken.get("packages/cache/src/camelCase.ts")).toEqual(["unicorn(filename-case)"]);
  });

  test("may not import in a circle", () => {
    expect(broken.get("packages/cache/src/one.ts")).toContain("import(no-cycle)");
  });
});

test("the main file of an app reads the environment", () => {
  expect(broken.get("apps/api/src/main.ts") ?? []).not.toContain("node(no-process-env)");
});
