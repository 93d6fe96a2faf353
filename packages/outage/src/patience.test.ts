import { ManualTimer } from "@lotty/testkit/fakes/manual-timer";
import { describe, expect, it } from "vitest";
import { Patience } from "./patience.ts";

const late = () => new Error("late");

function open() {
  const timer = new ManualTimer();
  return { timer, patience: new Patience(100, timer) };
}

describe("Patience", () => {
  it("passes outcomes on", async () => {
    const { patience } = open();
    expect(await patience.run(() => Promise.resolve(1), late)).toBe(1);
    await expect(patience.run(() => Promise.reject(new Error("no")), late)).rejects.toThrow("no");
  });

  it("gives up what takes longer, and only that", async () => {
    const { patience, timer } = open();
    const slow = Promise.withResolvers<string>();
    const early = patience.run(() => new Promise(() => undefined), late);
    for (let tick = 0; tick < 3; tick += 1) timer.fire();
    const later = patience.run(() => slow.promise, late);
    for (let tick = 0; tick < 2; tick += 1) timer.fire();
    await expect(early).rejects.toThrow("late");
    slow.resolve("in time");
    expect(await later).toBe("in time");
  });

  it("does not hear a task that ends after it was given up", async () => {
    const { patience, timer } = open();
    const slow = Promise.withResolvers<string>();
    const waiting = patience.run(() => slow.promise, late);
    for (let tick = 0; tick < 5; tick += 1) timer.fire();
    slow.reject(new Error("much later"));
    await expect(waiting).rejects.toThrow("late");
  });

  it("stops its timer", () => {
    const { patience, timer } = open();
    patience.stop();
    expect(timer.tasks).toBe(0);
  });
});
