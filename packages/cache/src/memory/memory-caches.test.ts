import { beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { describeChangeNotices } from "@lotty/testkit/suites/change-notices";
import { describeDecisionCache } from "@lotty/testkit/suites/decision-cache";
import { describeSubjectHistoryCache } from "@lotty/testkit/suites/subject-history-cache";
import { createMemoryCaches, type MemoryCaches } from "./create-memory-caches.ts";

let clock: ManualClock;
let caches: MemoryCaches;
beforeEach(() => {
  clock = new ManualClock(0);
  caches = createMemoryCaches({ clock });
});

const nothing = (): Promise<void> => Promise.resolve();

function advance(seconds: number): Promise<void> {
  clock.advance(seconds * 1_000_000);
  return Promise.resolve();
}

describeDecisionCache("in memory", () => Promise.resolve({ cache: caches.decisionCache, advance, close: nothing }));

describeSubjectHistoryCache("in memory", () =>
  Promise.resolve({ cache: caches.historyCache, advance, close: nothing }),
);

describeChangeNotices("in memory", () =>
  Promise.resolve({ connect: () => Promise.resolve(caches.notices), close: nothing }),
);

describe("caches in memory", () => {
  it("end an entry at the very microsecond", async () => {
    await caches.decisionCache.set("key", { reason: "no_variants", experimentId: "e", variantId: null }, 2);
    clock.advance(1_999_999);
    expect(await caches.decisionCache.get("key")).toBeDefined();
    clock.advance(1);
    expect(await caches.decisionCache.get("key")).toBeUndefined();
  });

  it("let the least recently used entry go when they are full", async () => {
    const { decisionCache } = createMemoryCaches({ clock, maxEntries: 2 });
    const entry = { reason: "no_variants", experimentId: "e", variantId: null } as const;
    await decisionCache.set("a", entry, 60);
    await decisionCache.set("b", entry, 60);
    await decisionCache.get("a");
    await decisionCache.set("c", entry, 60);
    expect(await decisionCache.get("a")).toBeDefined();
    expect(await decisionCache.get("b")).toBeUndefined();
  });
});

describe("change notices in memory", () => {
  it("log a listener that throws", async () => {
    const logger = new RecordingLogger();
    const { notices } = createMemoryCaches({ clock, logger });
    const error = new Error("a fault of the listener");
    await notices.subscribe(() => {
      throw error;
    });
    await notices.publish({ environmentId: "env", revision: 1 });
    await new Promise(setImmediate);
    expect(logger.lines).toStrictEqual([{ level: "error", event: "change_listener_failed", fields: { error } }]);
  });
});
