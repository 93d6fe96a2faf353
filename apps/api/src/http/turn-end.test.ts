import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { TurnEnd } from "./turn-end.ts";

describe("the end of a turn", () => {
  it("comes after everything else of the turn, and keeps the order", async () => {
    const turn = new TurnEnd();
    const done: string[] = [];
    turn.do(() => done.push("first"));
    await Promise.resolve();
    done.push("promises");
    turn.do(() => done.push("second"));
    await nextTurn();
    expect(done).toStrictEqual(["promises", "first", "second"]);
  });

  it("leaves what is added in it to the next one", async () => {
    const turn = new TurnEnd();
    const done: string[] = [];
    turn.do(() => turn.do(() => done.push("later")));
    await nextTurn();
    expect(done).toStrictEqual([]);
    await nextTurn();
    expect(done).toStrictEqual(["later"]);
  });

  it("goes on with the others when one fails", async () => {
    const failures: unknown[] = [];
    const listeners = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.once("uncaughtException", (error) => failures.push(error));
    try {
      const turn = new TurnEnd();
      const others = vi.fn<() => void>();
      turn.do(() => {
        throw new Error("no answer");
      });
      turn.do(others);
      turn.do(others);
      await nextTurn();
      await nextTurn();
      expect(others).toHaveBeenCalledTimes(2);
      expect(failures).toStrictEqual([new Error("no answer")]);
    } finally {
      for (const listener of listeners) process.on("uncaughtException", listener);
    }
  });
});
