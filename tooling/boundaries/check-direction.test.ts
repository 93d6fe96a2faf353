import { describe, expect, test } from "vitest";
import { aPackage, type PackageTraits } from "./a-package.ts";
import { checkDirection } from "./check-direction.ts";

function messages(name: string, traits: PackageTraits): readonly string[] {
  return checkDirection([aPackage(name, traits)]).map(({ place, message }) => `${place}: ${message}`);
}

function importing(name: string, code: string, path = "src/some.ts"): readonly string[] {
  return messages(name, { sources: { [path]: code } });
}

describe("package.json", () => {
  test("may name what the rules allow", () => {
    const dependencies = { "@lotty/domain": "workspace:*", re2js: "catalog:" };
    expect(messages("engine", { manifest: { dependencies } })).toEqual([]);
  });

  test.each([
    ["engine", "@lotty/persistence"],
    ["domain", "@lotty/engine"],
    ["persistence", "@lotty/cache"],
    ["api", "@lotty/persistence"],
    ["worker", "@lotty/api"],
    ["engine", "chevrotain"],
    ["decisions", "ioredis"],
  ])("of %s may not name %s", (name, dependency) => {
    for (const kind of ["dependencies", "peerDependencies", "optionalDependencies"] as const) {
      expect(messages(name, { manifest: { [kind]: { [dependency]: "*" } } })).toEqual([
        `packages/${name}/package.json: may not depend on ${dependency}`,
      ]);
    }
  });

  test("may name the testkit for development only", () => {
    const testkit = { "@lotty/testkit": "workspace:*" };
    expect(messages("cache", { manifest: { devDependencies: testkit } })).toEqual([]);
    expect(messages("cache", { manifest: { dependencies: testkit } })).toEqual([
      "packages/cache/package.json: may not depend on @lotty/testkit",
    ]);
  });

  test("may not name another layer for development either", () => {
    expect(messages("engine", { manifest: { devDependencies: { "@lotty/runtime": "workspace:*" } } })).toEqual([
      "packages/engine/package.json: may not depend on @lotty/runtime, not even for development",
    ]);
  });
});

describe("sources", () => {
  test("may import what the rules allow, their own files and private aliases", () => {
    const code =
      'import { a } from "@lotty/domain"; import { b } from "./b.ts"; import { c } from "#c"; import "re2js";';
    expect(importing("engine", code)).toEqual([]);
  });

  test.each([
    ["a value", 'import { a } from "@lotty/persistence";'],
    ["a type", 'import type { A } from "@lotty/persistence";'],
    ["an inline type", 'type A = import("@lotty/persistence").A;'],
    ["a re-export", 'export { a } from "@lotty/persistence";'],
    ["a re-export of everything", 'export * from "@lotty/persistence";'],
    ["for side effects", 'import "@lotty/persistence";'],
    ["a subpath", 'import { a } from "@lotty/persistence/deep";'],
    ["later", 'const a = await import("@lotty/persistence");'],
    ["the old way", 'const a = require("@lotty/persistence");'],
    ["its address", 'const a = import.meta.resolve("@lotty/persistence");'],
  ])("of the engine may not import from persistence: %s", (_, code) => {
    expect(importing("engine", code)).toEqual(["packages/engine/src/some.ts: may not import @lotty/persistence"]);
  });

  test("are free to mention other packages in texts and comments", () => {
    expect(importing("engine", '// import "pg"\nconst a = "import { b } from \'pg\'";')).toEqual([]);
  });

  test("may not reach into another package by path", () => {
    expect(importing("engine", 'import "../../persistence/src/index.ts";')).toEqual([
      "packages/engine/src/some.ts: imports ../../persistence/src/index.ts, outside its package",
    ]);
  });

  test("of pure packages may not use Node, by either spelling", () => {
    expect(importing("decisions", 'import "node:fs"; import "fs";')).toEqual([
      "packages/decisions/src/some.ts: may not import node:fs",
      "packages/decisions/src/some.ts: may not import fs",
    ]);
  });

  test("of the engine may use Node in the one file for Node", () => {
    expect(importing("engine", 'import "node:crypto";', "src/sha256/node.ts")).toEqual([]);
    expect(importing("engine", 'import "node:crypto";', "src/sha256/pure.ts")).toHaveLength(1);
  });

  test("may import the testkit in tests only", () => {
    const code = 'import { ManualClock } from "@lotty/testkit/fakes/manual-clock";';
    expect(importing("cache", code, "src/some.test.ts")).toEqual([]);
    expect(importing("cache", code, "src/testing/some.ts")).toEqual([]);
    expect(importing("cache", code)).toEqual(["packages/cache/src/some.ts: may not import @lotty/testkit"]);
  });

  test("of a test may import declared tools, but no other layer", () => {
    const sources = { "src/some.test.ts": 'import "vitest"; import "pg"; import "@lotty/runtime";' };
    expect(messages("engine", { sources, manifest: { devDependencies: { vitest: "catalog:" } } })).toEqual([
      "packages/engine/src/some.test.ts: may not import pg, not even in a test",
      "packages/engine/src/some.test.ts: may not import @lotty/runtime, not even in a test",
    ]);
  });
});

test("a package without a rule is a violation", () => {
  expect(messages("newcomer", {})).toEqual(["packages/newcomer: has no rule in tooling/boundaries/rules.ts"]);
});
