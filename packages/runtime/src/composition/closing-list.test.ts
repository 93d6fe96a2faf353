import { describe, expect, it } from "vitest";
import { ClosingList } from "./closing-list.ts";

describe("ClosingList", () => {
  it("closes in the opposite order, once, and goes on after a failure, which it then reports", async () => {
    const order: string[] = [];
    const list = new ClosingList();
    list.add(() => order.push("first"));
    list.add(() => Promise.reject(new Error("stuck")));
    list.add(async () => {
      await Promise.resolve();
      order.push("last");
    });
    await expect(list.close()).rejects.toThrow("stuck");
    await expect(list.close()).rejects.toThrow("stuck");
    expect(order).toEqual(["last", "first"]);
  });
});
