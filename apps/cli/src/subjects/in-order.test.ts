import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { inOrder } from "./in-order.ts";

async function* numbers(count: number, onTaken: (value: number) => void = () => undefined): AsyncGenerator<number> {
  for (let value = 0; value < count; value += 1) {
    onTaken(value);
    yield value;
  }
}

describe("inOrder", () => {
  it("hands results over in the order of the items, whichever is ready first", async () => {
    const results: number[] = [];
    const work = async (value: number): Promise<number> => {
      await wait(value % 3 === 0 ? 5 : 0);
      return value * 10;
    };
    for await (const result of inOrder(numbers(20), work, 4)) results.push(result);
    expect(results).toEqual(Array.from({ length: 20 }, (_, index) => index * 10));
  });

  it("never has more under way than it may, and does not run ahead of its reader", async () => {
    let underWay = 0;
    let most = 0;
    let taken = 0;
    const work = async (value: number): Promise<number> => {
      most = Math.max(most, (underWay += 1));
      await wait(1);
      underWay -= 1;
      return value;
    };
    let read = 0;
    for await (const _ of inOrder(
      numbers(50, () => (taken += 1)),
      work,
      5,
    )) {
      read += 1;
      expect(taken - read).toBeLessThanOrEqual(5);
    }
    expect(read).toBe(50);
    expect(most).toBe(5);
  });

  it("hands over what came before a failure, and begins nothing after it", async () => {
    const results: number[] = [];
    let begun = 0;
    const work = async (value: number): Promise<number> => {
      begun += 1;
      await wait(1);
      if (value === 7) throw new Error("seven");
      return value;
    };
    const run = async (): Promise<void> => {
      for await (const result of inOrder(numbers(1_000), work, 3)) results.push(result);
    };
    await expect(run()).rejects.toThrow("seven");
    expect(results).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(begun).toBeLessThanOrEqual(10);
  });
});
