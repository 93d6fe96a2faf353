import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { EventRecord, EventSpool } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { describeEventSpool } from "@lotty/testkit/suites/event-spool";
import { sampleEvent } from "@lotty/testkit/suites/event-store-fixture";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { abandonedRows } from "./abandoned-rows.ts";
import { openEventSpool } from "./event-spool.ts";
import type { SpoolOptions } from "./sqlite-spool.ts";
import { testDirectory, type TestDirectory } from "./testing/test-directory.ts";

let directory: TestDirectory;
const logger = new RecordingLogger();
const spools: EventSpool[] = [];

beforeEach(async () => {
  directory = await testDirectory();
});

afterEach(async () => {
  await Promise.all(spools.splice(0).map((spool) => spool.close()));
  await directory.remove();
});

function open(options: Partial<SpoolOptions> = {}): EventSpool {
  const spool = openEventSpool({ directory: directory.path, maxRows: 1_000, maxBytes: 1e9, logger, ...options });
  spools.push(spool);
  return spool;
}

async function drained(spool: EventSpool): Promise<readonly EventRecord[]> {
  const events: EventRecord[] = [];
  const take = (batch: readonly EventRecord[]): Promise<readonly []> => {
    events.push(...batch);
    return Promise.resolve([]);
  };
  while ((await spool.drain(take)) > 0);
  return events;
}

async function file(): Promise<string> {
  const [name = ""] = await readdir(directory.path);
  return join(directory.path, name);
}

describeEventSpool("on SQLite", async () => {
  const place = await testDirectory();
  const spool = openEventSpool({ directory: place.path, maxRows: 100, maxBytes: 1e9, batchRows: 20, logger });
  const close = async (): Promise<void> => {
    await spool.close();
    await place.remove();
  };
  return { spool, maxRows: 100, batchRows: 20, close };
});

describe("events on disk", () => {
  it("are there for the next process, and can be counted while nobody holds them", async () => {
    const events = [sampleEvent(), sampleEvent({ value: 2 }), sampleEvent()];
    const first = open();
    await first.append(events);
    const place = { of: "events", directory: directory.path, logger } as const;
    expect(abandonedRows(place)).toBe(0);
    await first.close();
    expect(abandonedRows(place)).toBe(3);
    expect(await drained(open())).toStrictEqual(events);
  });

  it("are set aside one by one when what is in their place cannot be read", async () => {
    const first = open();
    const [damaged, fine] = [sampleEvent(), sampleEvent()];
    await first.append([damaged, fine]);
    await first.close();
    const database = new DatabaseSync(await file());
    database.exec("UPDATE spooled SET properties = '[' WHERE seq = 1");
    database.close();
    const second = open();
    expect(await drained(second)).toStrictEqual([fine]);
    expect(second.size()).toMatchObject({ rows: 0, setAside: 1 });
  });

  it("take about the bytes that are estimated, within a factor of one and a half", async () => {
    const spool = open({ maxRows: 100_000 });
    const properties = { currency: "EUR", country: "DE" };
    await spool.append(Array.from({ length: 20_000 }, () => sampleEvent({ value: 59.9, properties })));
    const estimate = spool.size().bytes;
    await spool.close();
    const database = new DatabaseSync(await file(), { readOnly: true });
    const size = database.prepare("SELECT page_count * page_size AS b FROM pragma_page_count, pragma_page_size").get();
    database.close();
    expect(estimate / Number(size?.["b"])).toBeGreaterThan(1 / 1.5);
    expect(estimate / Number(size?.["b"])).toBeLessThan(1.5);
  });
});
