import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { guarded } from "./run-fault.ts";
import { TimeLimitError } from "./time-limit.ts";

const NEVER = new AbortController().signal;

test("what hangs is given up, and the processes that it started are ended", async () => {
  let ended: Promise<unknown> = Promise.resolve();
  const hanging = guarded({ name: "hanging", limitMillis: 300, signal: NEVER }, async (guardian, signal) => {
    const child = spawn("sleep", ["1000"], { stdio: "ignore" });
    ended = once(child, "exit");
    guardian.started(child.pid ?? 0);
    await once(signal, "abort");
    throw new Error("told to end");
  });
  await expect(hanging).rejects.toThrow(TimeLimitError);
  expect(await ended).toEqual([null, "SIGKILL"]);
});

test("whoever interrupts does not wait for the limit", async () => {
  const interruption = new AbortController();
  const work = guarded({ name: "long", limitMillis: 60_000, signal: interruption.signal }, async (_, signal) => {
    await sleep(60_000, undefined, { signal });
  });
  interruption.abort(new Error("interrupted"));
  await expect(work).rejects.toThrow("aborted");
});

test("what comes to an end gives its value", async () => {
  expect(await guarded({ name: "short", limitMillis: 60_000, signal: NEVER }, () => Promise.resolve(7))).toBe(7);
});
