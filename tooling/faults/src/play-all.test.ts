import { expect, test } from "vitest";
import type { Fault } from "./fault.ts";
import { playAll } from "./play-all.ts";
import type { RunReport } from "./report/run-report.ts";

const OPTIONS = {
  seed: 1,
  quick: true,
  built: false,
  decisions: 1,
  signal: new AbortController().signal,
  say: () => undefined,
};

function fault(name: string): Fault {
  return { row: 1, name, title: name, inject: () => Promise.resolve() };
}

test("a fault that cannot be played does not stop the rest, and what there is so far is kept", async () => {
  const kept: RunReport[] = [];
  const tried: string[] = [];
  const run = await playAll(
    [fault("first"), fault("second")],
    { ...OPTIONS, keep: (sofar) => kept.push(structuredClone(sofar)) },
    ({ name }) => {
      tried.push(name);
      return Promise.reject(new Error(`no ${name}`));
    },
  );
  expect(tried).toEqual(["first", "second"]);
  expect(kept.map(({ results }) => results.length)).toEqual([1, 2]);
  expect(run.results).toMatchObject([
    { name: "first", verdict: "broken", error: "no first" },
    { name: "second", verdict: "broken", error: "no second" },
  ]);
});

test("nothing more is played when the run is interrupted", async () => {
  const interruption = new AbortController();
  const run = await playAll(
    [fault("first"), fault("second")],
    { ...OPTIONS, signal: interruption.signal, keep: () => undefined },
    () => {
      interruption.abort();
      return Promise.reject(new Error("interrupted"));
    },
  );
  expect(run.results).toHaveLength(1);
});
