import type { Counts } from "./counts.ts";

/** A test file as Vitest reports it, as far as counting needs it. */
export interface CountedModule {
  /** False when a test, a hook or the loading of the file failed. */
  ok(): boolean;
  readonly children: {
    allTests(): Iterable<{ result(): { readonly state: "passed" | "failed" | "skipped" | "pending" } }>;
  };
}

/**
 * Counts a run. A test that never finished has failed. A file that failed without a failed test (it did not load, or
 * a hook threw and took its tests with it) is one failure, and so is each error that no test caught. Tests that are
 * skipped on purpose count nowhere.
 */
export function countModules(modules: readonly CountedModule[], unhandledErrors: readonly unknown[]): Counts {
  let passed = 0;
  let failed = unhandledErrors.length;
  for (const module of modules) {
    const states = [...module.children.allTests()].map((test) => test.result().state);
    const failures = states.filter((state) => state === "failed" || state === "pending").length;
    passed += states.filter((state) => state === "passed").length;
    failed += failures === 0 && !module.ok() ? 1 : failures;
  }
  return { passed, failed };
}
