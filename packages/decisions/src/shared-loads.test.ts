import { expect, test } from "vitest";
import { SharedLoads } from "./shared-loads.ts";

/** Look-ups that are answered by hand. */
function lookups(): { readonly load: () => Promise<number>; readonly started: PromiseWithResolvers<number>[] } {
  const started: PromiseWithResolvers<number>[] = [];
  const load = (): Promise<number> => {
    const next = Promise.withResolvers<number>();
    started.push(next);
    return next.promise;
  };
  return { load, started };
}

test("callers at the same time share one look-up", async () => {
  const loads = new SharedLoads<number>();
  const { load, started } = lookups();
  const shared = Promise.all([loads.share("a", load), loads.share("a", load), loads.share("a", load)]);
  expect(started).toHaveLength(1);
  started[0]?.resolve(7);
  expect(await shared).toEqual([7, 7, 7]);
});

test("other keys are looked up by themselves", () => {
  const loads = new SharedLoads<number>();
  const { load, started } = lookups();
  void loads.share("a", load);
  void loads.share("b", load);
  expect(started).toHaveLength(2);
});

test("nothing is kept: the next caller looks up again", async () => {
  const loads = new SharedLoads<number>();
  const { load, started } = lookups();
  const first = loads.share("a", load);
  started[0]?.resolve(1);
  await first;
  void loads.share("a", load);
  expect(started).toHaveLength(2);
});

test("a failure goes to all who share it, and not to those who come later", async () => {
  const loads = new SharedLoads<number>();
  const { load, started } = lookups();
  const both = Promise.allSettled([loads.share("a", load), loads.share("a", load)]);
  started[0]?.reject(new Error("away"));
  expect((await both).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  const later = loads.share("a", load);
  started[1]?.resolve(2);
  expect(await later).toBe(2);
});

test("whoever comes after a change does not get what was looked up before it", async () => {
  const loads = new SharedLoads<number>();
  const { load, started } = lookups();
  const before = loads.share("a", load);
  loads.forget("a");
  const after = loads.share("a", load);
  started[0]?.resolve(1);
  expect(await before).toBe(1);
  // The end of the first must not end the sharing of the second.
  const afterToo = loads.share("a", load);
  expect(started).toHaveLength(2);
  started[1]?.resolve(2);
  expect(await Promise.all([after, afterToo])).toEqual([2, 2]);
});
