import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { DEFAULT_ENVIRONMENT_ID, type Clock } from "@lotty/domain";
import { createSecretBox } from "@lotty/notifications";
import { openPostgres, type Storage } from "@lotty/persistence";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { sampleLink } from "@lotty/testkit/suites/control-plane-store";
import { sampleAnnouncement, sampleNotificationRule, sampleWebhook } from "@lotty/testkit/suites/notifications";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../system/system-clock.ts";
import { Uuid7Source } from "../system/uuid7-source.ts";
import { configForTest } from "../testing/config-for-test.ts";
import type { Job } from "./job.ts";
import { notificationJob } from "./notification-jobs.ts";

const environmentId = DEFAULT_ENVIRONMENT_ID;
const live = new AbortController().signal;

describe("telling people over Postgres", () => {
  let database: TestDatabase;
  let storages: Storage[];
  let server: Server;
  let ids: string[];
  let answer: (response: ServerResponse) => void;

  beforeAll(async () => {
    database = await createTestDatabase();
    const logger = new RecordingLogger();
    storages = await Promise.all([1, 2, 3].map(() => openPostgres({ url: database.url, logger })));
    await storages[0]?.migrate();
  });
  afterAll(async () => {
    await Promise.all(storages.map((storage) => storage.close()));
    await database.drop();
  });
  beforeEach(async () => {
    ids = [];
    answer = (response) => response.writeHead(204).end();
    server = createServer((request, response) => {
      ids.push(String(request.headers["webhook-id"]));
      request.resume().on("end", () => answer(response));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  function jobOn(storage: Storage, clock: Clock = systemClock): Job {
    const config = configForTest({ WEBHOOK_ALLOWED_NETWORKS: "127.0.0.1" });
    return notificationJob({ clock, config, ids: new Uuid7Source(), logger: new RecordingLogger(), storage });
  }

  async function announce(count: number): Promise<void> {
    const [storage] = storages;
    if (storage === undefined) throw new Error("There is no storage.");
    const { control } = storage;
    const { port } = server.address() as AddressInfo;
    const secret = { url: `http://127.0.0.1:${port}/`, secret: `whsec_${"A".repeat(43)}=`, previous: null };
    const id = randomUUID();
    const sealedSecret = createSecretBox(null).seal(JSON.stringify(secret), id);
    const webhook = sampleWebhook({ id, sealedSecret });
    const rules = await control.notifications.notificationRules(environmentId);
    const { revision } = await control.store.load(environmentId);
    const notifications = {
      putWebhooks: [webhook],
      putRules: [sampleNotificationRule([webhook.id])],
      removeRuleIds: rules.map((rule) => rule.id),
    };
    const announcements = Array.from({ length: count }, () => sampleAnnouncement());
    await control.store.commit(environmentId, { notifications, announcements, audit: sampleLink("test") }, revision);
  }

  it("makes every delivery once, however many processes are at it", async () => {
    await announce(120);
    const jobs = storages.map((storage) => jobOn(storage));
    await vi.waitFor(
      async () => {
        await Promise.all(jobs.map((job) => job.run(live)));
        expect(ids.length).toBeGreaterThanOrEqual(120);
      },
      { timeout: 30_000, interval: 10 },
    );
    await Promise.all(jobs.map((job) => job.run(live)));
    expect(ids).toHaveLength(120);
    expect(new Set(ids).size).toBe(120);
  });

  it("loses nothing to a kill: another process sends it again under the same id, once the lease is over", async () => {
    await announce(1);
    answer = () => undefined;
    const program = fileURLToPath(new URL("../testing/notify-forever.ts", import.meta.url));
    const child = spawn(process.execPath, ["--conditions=@lotty/source", program, database.url], { stdio: "ignore" });
    await vi.waitFor(() => expect(ids).toHaveLength(1), { timeout: 30_000 });
    child.kill("SIGKILL");
    await once(child, "exit");
    answer = (response) => response.writeHead(204).end();
    const [storage] = storages;
    if (storage === undefined) throw new Error("There is no storage.");
    await jobOn(storage).run(live);
    expect(ids).toHaveLength(1);
    await jobOn(storage, { now: () => systemClock.now() + 61_000_000 }).run(live);
    expect(ids).toHaveLength(2);
    expect(ids[1]).toBe(ids[0]);
    const [delivery] = await storage.control.notifications.deliveries({ environmentId, limit: 1 });
    expect(delivery).toMatchObject({ status: "delivered", attempts: [{ status: 204 }] });
  });
});
