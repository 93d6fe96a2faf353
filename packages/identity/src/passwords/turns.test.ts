import { describe, expect, it } from "vitest";
import { Turns } from "./turns.ts";

describe("Turns", () => {
  it("runs a few at a time, the others in their order, and turns away who would wait too long", async () => {
    const turns = new Turns(2, 3);
    const log: number[] = [];
    const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
    let [running, most] = [0, 0];
    const tasks = gates.map(({ promise }, index) =>
      turns.take(async () => {
        running += 1;
        most = Math.max(most, running);
        log.push(index);
        await promise;
        running -= 1;
      }),
    );
    await expect(turns.take(() => Promise.resolve())).rejects.toMatchObject({ code: "overloaded" });
    for (const { resolve } of gates) resolve();
    await Promise.all(tasks);
    expect([log, most]).toEqual([[0, 1, 2, 3, 4], 2]);
    await expect(turns.take(() => Promise.resolve("free"))).resolves.toBe("free");
  });

  it("gives the place of a task that fails to the next", async () => {
    const turns = new Turns(1, 1);
    const failing = turns.take(() => Promise.reject(new Error("no")));
    const next = turns.take(() => Promise.resolve("done"));
    await expect(failing).rejects.toThrow("no");
    await expect(next).resolves.toBe("done");
  });
});
