import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { TimeLimitError, waitUntil, withinTime } from "./time-limit.ts";

test("what ends in time gives its value or its error", async () => {
  expect(await withinTime("it", 1_000, Promise.resolve(7))).toBe(7);
  await expect(withinTime("it", 1_000, Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});

test("what never ends is given up, by name", async () => {
  const wait = withinTime("the end of it", 20, new Promise(() => undefined));
  await expect(wait).rejects.toThrow(TimeLimitError);
  await expect(wait).rejects.toThrow("the end of it took longer than 0.02 s");
});

test("what fails after it was given up troubles nobody", async () => {
  const late = sleep(30).then(() => {
    throw new Error("late");
  });
  await expect(withinTime("it", 5, late)).rejects.toThrow(TimeLimitError);
  await sleep(40);
});

const pause = (millis: number): Promise<void> => sleep(millis);

test("a wait ends when what it waits for holds", async () => {
  let looks = 0;
  await waitUntil("three looks are over", () => (looks += 1) === 3, { withinMillis: 5_000, pause });
  expect(looks).toBe(3);
});

test("a wait in vain ends, by name", async () => {
  await expect(waitUntil("it rains", () => false, { withinMillis: 30, pause })).rejects.toThrow("in vain: it rains");
});

test("a wait ends even when a look does not", async () => {
  const hanging = waitUntil("it answers", () => new Promise(() => undefined), { withinMillis: 20, pause });
  await expect(hanging).rejects.toThrow(TimeLimitError);
});

test("a wait ends when it is interrupted", async () => {
  const interrupted = (): Promise<void> => Promise.reject(new Error("interrupted"));
  const wait = waitUntil("it rains", () => false, { withinMillis: 60_000, pause: interrupted });
  await expect(wait).rejects.toThrow("interrupted");
});
