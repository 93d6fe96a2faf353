import { expect, test } from "vitest";
import { aPackage } from "./a-package.ts";
import { checkManifests } from "./check-manifests.ts";
import type { Manifest } from "./workspace.ts";

function messages(manifest: Partial<Manifest>): readonly string[] {
  return checkManifests([aPackage("engine", { manifest })]).map(({ message }) => message);
}

test("a package made as the house makes them has no faults", () => {
  const dependencies = { "@lotty/domain": "workspace:*", re2js: "catalog:" };
  expect(messages({ dependencies })).toEqual([]);
});

test("versions come from the catalog and the workspace", () => {
  expect(messages({ dependencies: { re2js: "^2.0.0", "@lotty/domain": "0.1.0" } })).toEqual([
    "asks for re2js ^2.0.0: versions come from the catalog, our own from the workspace",
    "asks for @lotty/domain 0.1.0: versions come from the catalog, our own from the workspace",
  ]);
});

test("exports have the source first and a default last", () => {
  const turned = { types: "./dist/index.d.ts", "@lotty/source": "./src/index.ts", default: "./dist/index.js" };
  expect(messages({ exports: { ".": turned, "./package.json": "./package.json" } })).toEqual([
    'exports . without "@lotty/source" first and "default" last',
  ]);
});

test("exports open no whole folders", () => {
  const target = { "@lotty/source": "./src/*.ts", default: "./dist/*.js" };
  expect(messages({ exports: { "./*": target, "./package.json": "./package.json" } })).toEqual([
    "exports the pattern ./*",
  ]);
});

test("package.json can be read by others", () => {
  expect(messages({ exports: {} })).toEqual(['has to export "./package.json"']);
});

test("modules are ESM under the house's licence", () => {
  expect(messages({ type: "commonjs", license: "MIT" })).toEqual([
    'has to say "type": "module"',
    'has to say "license": "Apache-2.0"',
  ]);
});
