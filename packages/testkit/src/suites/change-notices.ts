import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ChangeNotice, ChangeNotices } from "@lotty/domain";

/** Change notices to be tested, without subscribers. */
export interface OpenedChangeNotices {
  /** One process's end. Where several processes can take part, each call gives the end of another one. */
  connect(): Promise<ChangeNotices>;
  close(): Promise<void>;
}

/** Time within which a notice must arrive, in milliseconds: a change reaches every process in under a second. */
const ARRIVAL_MILLIS = 900;

/** Registers the tests that all change notices pass. */
export function describeChangeNotices(name: string, open: () => Promise<OpenedChangeNotices>): void {
  describe(`change notices ${name}`, () => {
    let opened: OpenedChangeNotices;
    let publisher: ChangeNotices;
    beforeEach(async () => {
      opened = await open();
      publisher = await opened.connect();
    });
    afterEach(() => opened.close());

    async function listen(notices: ChangeNotices): Promise<{ heard: ChangeNotice[]; stop: () => Promise<void> }> {
      const heard: ChangeNotice[] = [];
      return { heard, stop: await notices.subscribe((notice) => heard.push(notice)) };
    }

    const arrival = { timeout: ARRIVAL_MILLIS, interval: 5 };
    const notice = (revision: number): ChangeNotice => ({ environmentId: "env", revision });

    it("tells nobody without complaint", async () => {
      await expect(publisher.publish(notice(1))).resolves.toBeUndefined();
    });

    it("reaches every subscriber of every process, the publisher's own included", async () => {
      const other = await opened.connect();
      const listeners = await Promise.all([listen(publisher), listen(other), listen(other)]);
      await publisher.publish(notice(7));
      for (const { heard } of listeners) await vi.waitFor(() => expect(heard).toStrictEqual([notice(7)]), arrival);
    });

    it("keeps the order of one publisher and any text of the environment's id", async () => {
      const { heard } = await listen(await opened.connect());
      const sent = ["", "a b", 'quote " and \\', "ünïcödé", "line\nbreak"].map((environmentId, revision) => ({
        environmentId,
        revision,
      }));
      for (const each of sent) await publisher.publish(each);
      await vi.waitFor(() => expect(heard).toStrictEqual(sent), arrival);
    });

    it("stops one subscription and leaves the others, also of the same listener", async () => {
      const heard: ChangeNotice[] = [];
      const listener = (each: ChangeNotice): unknown => heard.push(each);
      const stop = await publisher.subscribe(listener);
      await publisher.subscribe(listener);
      await stop();
      await stop();
      await publisher.publish(notice(1));
      await publisher.publish(notice(2));
      await vi.waitFor(() => expect(heard).toStrictEqual([notice(1), notice(2)]), arrival);
    });

    it("can be listened to again after the last subscriber has gone", async () => {
      const before = await listen(publisher);
      await before.stop();
      const after = await listen(publisher);
      await publisher.publish(notice(3));
      await vi.waitFor(() => expect(after.heard).toStrictEqual([notice(3)]), arrival);
      expect(before.heard).toStrictEqual([]);
    });

    it("does not let a listener that throws harm the publisher or other listeners", async () => {
      await publisher.subscribe(() => {
        throw new Error("a fault of the listener");
      });
      const { heard } = await listen(publisher);
      await publisher.publish(notice(1));
      await publisher.publish(notice(2));
      await vi.waitFor(() => expect(heard).toStrictEqual([notice(1), notice(2)]), arrival);
    });
  });
}
