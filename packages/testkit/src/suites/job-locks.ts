import type { JobLocks } from "@lotty/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** Locks of two processes, or twice those of one where there can be only one. */
export interface OpenedJobLocks {
  readonly here: JobLocks;
  readonly there: JobLocks;
  close(): Promise<void>;
}

/** What every {@link JobLocks} does. */
export function describeJobLocks(name: string, open: () => Promise<OpenedJobLocks>): void {
  describe(`job locks ${name}`, () => {
    let opened: OpenedJobLocks;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    it("do the work and give what it gives", async () => {
      expect(await opened.here.exclusively("a", 10, () => Promise.resolve(42))).toStrictEqual({
        held: true,
        result: 42,
      });
    });

    it("keep others from work of the same name, and from no other", async () => {
      const working = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      const first = opened.here.exclusively("b", 10, () => {
        begun.resolve();
        return working.promise;
      });
      await begun.promise;
      const never = (): Promise<never> => Promise.reject(new Error("begun beside the other"));
      expect(await opened.there.exclusively("b", 10, never)).toStrictEqual({ held: false });
      expect(await opened.here.exclusively("b", 10, never)).toStrictEqual({ held: false });
      expect(await opened.there.exclusively("c", 10, () => Promise.resolve("c"))).toMatchObject({ held: true });
      working.resolve();
      await first;
      expect(await opened.there.exclusively("b", 10, () => Promise.resolve("b"))).toMatchObject({ held: true });
    });

    it("let go when the work fails, and pass the failure on", async () => {
      const failure = new Error("failed");
      await expect(opened.here.exclusively("d", 10, () => Promise.reject(failure))).rejects.toBe(failure);
      expect(await opened.there.exclusively("d", 10, () => Promise.resolve(1))).toStrictEqual({
        held: true,
        result: 1,
      });
    });
  });
}
