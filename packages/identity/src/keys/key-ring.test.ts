import { type ChangeNotice, type ChangeNotices, DEFAULT_ENVIRONMENT_ID, LottyError, systemActor } from "@lotty/domain";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { ManualTimer } from "@lotty/testkit/fakes/manual-timer";
import { plainAuditLinker } from "@lotty/testkit/fakes/plain-audit-linker";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { SequentialIds } from "@lotty/testkit/fakes/sequential-ids";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { MemoryIdentityStore } from "../memory/memory-identity-store.ts";
import { KeyRing } from "./key-ring.ts";
import { KeyService, type NewKey } from "./key-service.ts";

const NOW = 1_790_000_000_000_000;

let heard: Set<(notice: ChangeNotice) => void>;
let notices: ChangeNotices;
let store: MemoryIdentityStore;
let clock: ManualClock;
let timer: ManualTimer;
let logger: RecordingLogger;
let service: KeyService;
let ring: KeyRing;

beforeEach(() => {
  heard = new Set();
  notices = {
    publish: (notice) => {
      for (const listener of heard) listener(notice);
      return Promise.resolve();
    },
    subscribe: (listener) => {
      heard.add(listener);
      return Promise.resolve(() => Promise.resolve(void heard.delete(listener)));
    },
  };
  store = new MemoryIdentityStore(notices);
  clock = new ManualClock(NOW);
  timer = new ManualTimer();
  logger = new RecordingLogger();
  service = new KeyService({ store, clock, ids: new SequentialIds(), audit: plainAuditLinker });
  ring = new KeyRing({ store, notices, clock, timer, logger, pollMillis: 5_000 });
});

async function make(given: Partial<NewKey> = {}): Promise<{ readonly id: string; readonly text: string }> {
  const asked: NewKey = {
    name: "test",
    type: "server",
    scopes: ["decide"],
    environment: "production",
    expiresAt: null,
    ...given,
  };
  const outcome = await service.make(asked, systemActor("a test"));
  if (!outcome.ok) throw new Error(outcome.refusal);
  return { id: outcome.key.id, text: outcome.text };
}

describe("a key ring", () => {
  it("tells callers by their key, with what the key was given", async () => {
    const { id, text } = await make({ scopes: ["decide", "manage"], name: "Deployment" });
    await ring.start();
    expect(ring.callerOf(text)).toEqual({
      kind: "key",
      id,
      name: "Deployment",
      roles: ["experimenter"],
      scopes: ["decide", "manage"],
      keyType: "server",
      environmentId: DEFAULT_ENVIRONMENT_ID,
    });
  });

  it("takes nothing else for a key: another secret of the same prefix, another type, a part, or more", async () => {
    const { text } = await make();
    await ring.start();
    const swapped = text.slice(0, 30) + (text[30] === "a" ? "b" : "a") + text.slice(31);
    const wrong = ["", "lotty_", swapped, text.replace("server", "client"), text.slice(0, -1), `${text}x`, ` ${text}`];
    for (const each of wrong) expect(ring.callerOf(each)).toBeUndefined();
    expect(ring.callerOf(text.toUpperCase())).toBeUndefined();
    expect(
      ring.callerOf("lotty_server___proto_____proto____________________________________________".slice(0, text.length)),
    ).toBeUndefined();
  });

  it("cannot say who has a key before it has loaded them: nobody is refused by mistake", async () => {
    const { text } = await make();
    expect(() => ring.callerOf(text)).toThrow(LottyError);
    vi.spyOn(store, "loadLiveKeys").mockRejectedValueOnce(new LottyError("database_unavailable", "away"));
    await expect(ring.start()).rejects.toMatchObject({ code: "database_unavailable" });
    expect(() => ring.callerOf(text)).toThrow("not loaded");
    await ring.start();
    expect(ring.callerOf(text)).toBeDefined();
  });

  it("hears of new and of revoked keys", async () => {
    await ring.start();
    const { id, text } = await make();
    await vi.waitFor(() => expect(ring.callerOf(text)).toBeDefined());
    await service.revoke(id, systemActor("a test"));
    await vi.waitFor(() => expect(ring.callerOf(text)).toBeUndefined());
  });

  it("finds what it has not heard of at the next look, and at any other notice", async () => {
    await ring.start();
    const listeners = [...heard];
    heard.clear();
    const one = await make();
    timer.fire();
    await vi.waitFor(() => expect(ring.callerOf(one.text)).toBeDefined());
    const two = await make();
    for (const listener of listeners) listener({ environmentId: "another thing", revision: 1 });
    await vi.waitFor(() => expect(ring.callerOf(two.text)).toBeDefined());
  });

  it("goes on with what it knows while the store is away", async () => {
    const { text } = await make();
    await ring.start();
    const away = new LottyError("database_unavailable", "away");
    vi.spyOn(store, "loadLiveKeys").mockRejectedValue(away);
    vi.spyOn(store, "keyGeneration").mockRejectedValue(away);
    await notices.publish({ environmentId: "identity", revision: 99 });
    timer.fire();
    await vi.waitFor(() => expect(logger.events).toContain("keys_not_loaded"));
    expect(ring.callerOf(text)).toBeDefined();
  });

  it("reads the store once more, and once only, for all changes that come while it reads", async () => {
    await ring.start();
    const load = vi.spyOn(store, "loadLiveKeys");
    const keys = await Promise.all(Array.from({ length: 20 }, () => make()));
    await vi.waitFor(() => expect(ring.callerOf(keys.at(-1)?.text ?? "")).toBeDefined());
    for (const { text } of keys) expect(ring.callerOf(text)).toBeDefined();
    expect(load.mock.calls.length).toBeLessThan(20);
  });

  it("lets a key expire to the microsecond", async () => {
    const { text } = await make({ expiresAt: NOW + 10 });
    await ring.start();
    clock.advance(9);
    expect(ring.callerOf(text)).toBeDefined();
    clock.advance(1);
    expect(ring.callerOf(text)).toBeUndefined();
  });

  it("tells whether a key goes on, which is no use of it", async () => {
    const brief = await make({ expiresAt: NOW + 10 });
    const lasting = await make();
    expect(ring.isLive(lasting.id)).toBe(false);
    await ring.start();
    expect([brief, lasting].map(({ id }) => ring.isLive(id))).toEqual([true, true]);
    clock.advance(10);
    expect([brief, lasting].map(({ id }) => ring.isLive(id))).toEqual([false, true]);
    await service.revoke(lasting.id, systemActor("a test"));
    await vi.waitFor(() => expect(ring.isLive(lasting.id)).toBe(false));
    await ring.stop();
    expect((await store.findKey(lasting.id))?.lastUsedAt).toBeNull();
  });

  it("writes down which keys were used, in one go, and the last of it when it stops", async () => {
    const [one, two, idle] = [await make(), await make(), await make()];
    await ring.start();
    const note = vi.spyOn(store, "noteUse");
    for (let times = 0; times < 100; times += 1) ring.callerOf(one.text);
    timer.fire();
    await vi.waitFor(() => expect(note).toHaveBeenCalledTimes(1));
    clock.advance(7);
    ring.callerOf(two.text);
    await ring.stop();
    const used = async (id: string): Promise<number | null | undefined> => (await store.findKey(id))?.lastUsedAt;
    expect([await used(one.id), await used(two.id), await used(idle.id)]).toEqual([NOW, NOW + 7, null]);
    expect(note).toHaveBeenCalledTimes(2);
    expect(heard.size).toBe(0);
  });

  it("works by the poll where notices cannot be had, and by notices again as soon as they can", async () => {
    const subscribe = vi.fn(notices.subscribe).mockRejectedValueOnce(new Error("no channel"));
    const deaf = new KeyRing({ store, notices: { ...notices, subscribe }, clock, timer, logger, pollMillis: 5_000 });
    await deaf.start();
    expect(logger.events).toContain("key_notices_unavailable");
    const one = await make();
    timer.fire();
    await vi.waitFor(() => expect(deaf.callerOf(one.text)).toBeDefined());
    const two = await make();
    await vi.waitFor(() => expect(deaf.callerOf(two.text)).toBeDefined());
    expect(subscribe).toHaveBeenCalledTimes(2);
  });
});
