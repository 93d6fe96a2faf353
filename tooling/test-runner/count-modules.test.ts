import { expect, test } from "vitest";
import { countModules, type CountedModule } from "./count-modules.ts";

type State = "passed" | "failed" | "skipped" | "pending";

function moduleOf(ok: boolean, ...states: readonly State[]): CountedModule {
  return { ok: () => ok, children: { allTests: () => states.map((state) => ({ result: () => ({ state }) })) } };
}

test("counts tests over all files", () => {
  const modules = [moduleOf(true, "passed", "passed"), moduleOf(false, "passed", "failed", "failed")];
  expect(countModules(modules, [])).toEqual({ passed: 3, failed: 2 });
});

test("counts a test that never finished as failed", () => {
  expect(countModules([moduleOf(true, "passed", "pending")], [])).toEqual({ passed: 1, failed: 1 });
});

test("counts a file that did not load as one failure", () => {
  expect(countModules([moduleOf(false)], [])).toEqual({ passed: 0, failed: 1 });
});

test("counts a file whose hook threw, so that its tests were skipped, as one failure", () => {
  expect(countModules([moduleOf(false, "skipped", "skipped")], [])).toEqual({ passed: 0, failed: 1 });
});

test("leaves tests that are skipped on purpose out of both counts", () => {
  expect(countModules([moduleOf(true, "passed", "skipped")], [])).toEqual({ passed: 1, failed: 0 });
});

test("counts every error that no test caught as a failure", () => {
  expect(countModules([moduleOf(true, "passed")], [new Error("one"), new Error("two")])).toEqual({
    passed: 1,
    failed: 2,
  });
});
