import { systemActor } from "@lotty/domain";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { plainAuditLinker } from "@lotty/testkit/fakes/plain-audit-linker";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { SequentialIds } from "@lotty/testkit/fakes/sequential-ids";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { PasswordHasher } from "../passwords/password-hasher.ts";
import { PeopleService } from "../people/people-service.ts";
import type { AttemptLimit } from "../ports/attempt-limit.ts";
import { CHEAP_SCRYPT } from "../passwords/cheap-scrypt.ts";
import { MemoryIdentityStore } from "../memory/memory-identity-store.ts";
import { SessionService } from "./session-service.ts";
import { csrfTokenOf, isCsrfToken, makeSessionToken, sessionDigest } from "./session-token.ts";

const MINUTE = 60_000_000;
const PASSWORD = "correct horse battery";

const limit: AttemptLimit = {
  begin: () => Promise.resolve(0),
  succeeded: () => Promise.resolve(),
};

let store: MemoryIdentityStore;
let clock: ManualClock;
let hasher: PasswordHasher;
let sessions: SessionService;
let logger: RecordingLogger;

function open(given: { readonly hasher?: PasswordHasher; readonly limit?: AttemptLimit } = {}): SessionService {
  const times = { idleMillis: 10 * 60_000, maxMillis: 60 * 60_000 };
  return new SessionService({ store, hasher, limit, clock, logger, times, ...given });
}

beforeEach(async () => {
  store = new MemoryIdentityStore();
  clock = new ManualClock(1_790_000_000_000_000);
  hasher = new PasswordHasher(CHEAP_SCRYPT);
  logger = new RecordingLogger();
  sessions = open();
  const people = new PeopleService({ store, hasher, clock, ids: new SequentialIds(), audit: plainAuditLinker });
  await people.add({ name: "ada", password: PASSWORD, roles: ["experimenter"] }, systemActor("a test"));
});

async function logIn(service: SessionService = sessions, password = PASSWORD): Promise<string> {
  const outcome = await service.logIn({ name: "Ada", password, address: "192.0.2.1", previous: undefined });
  if (outcome.status !== "done") throw new Error(outcome.status);
  return outcome.token;
}

describe("a session service", () => {
  it("does the same work for a name that nobody has", async () => {
    const verify = vi.spyOn(hasher, "verify");
    const outcome = await sessions.logIn({ name: "eve", password: "x", address: "a", previous: undefined });
    expect(outcome).toEqual({ status: "refused" });
    expect(verify.mock.calls).toEqual([["x", undefined]]);
  });

  it("counts every attempt by account and address, and takes back those that were right", async () => {
    const counted = { begin: vi.fn(limit.begin), succeeded: vi.fn(limit.succeeded) };
    const service = open({ limit: counted });
    await service.logIn({ name: " ADA ", password: "wrong", address: "192.0.2.1", previous: undefined });
    expect(counted.begin.mock.calls).toEqual([[{ account: "ada", address: "192.0.2.1" }]]);
    expect(counted.succeeded).not.toHaveBeenCalled();
    await logIn(service);
    expect(counted.begin).toHaveBeenCalledTimes(2);
    expect(counted.succeeded.mock.calls).toEqual([[{ account: "ada", address: "192.0.2.1" }]]);
  });

  it("does not look at the password while there were too many attempts", async () => {
    const verify = vi.spyOn(hasher, "verify");
    const service = open({ limit: { ...limit, begin: () => Promise.resolve(1_500) } });
    const outcome = await service.logIn({ name: "ada", password: PASSWORD, address: "a", previous: undefined });
    expect(outcome).toEqual({ status: "throttled", retryMillis: 1_500 });
    expect(verify).not.toHaveBeenCalled();
  });

  it("keeps the digest of a token and never the token", async () => {
    const add = vi.spyOn(store, "addSession");
    const token = await logIn();
    const [stored] = add.mock.calls[0] ?? [];
    expect(stored?.digest).toEqual(sessionDigest(token));
    expect(Buffer.from(JSON.stringify(stored)).includes(token)).toBe(false);
  });

  it("strengthens an old hash when it sees the password", async () => {
    const dearer = new PasswordHasher({ ...CHEAP_SCRYPT, costExponent: 5 });
    await logIn(open({ hasher: dearer }));
    const user = await store.findUserByName("ada");
    expect(dearer.isOutdated(user?.passwordHash ?? "")).toBe(false);
    expect(await dearer.verify(PASSWORD, user?.passwordHash)).toBe(true);
  });

  it("writes when a session was last seen once a minute, and not at each request", async () => {
    const touch = vi.spyOn(store, "touchSession");
    const token = await logIn();
    for (let second = 0; second < 59; second += 1) {
      clock.advance(1_000_000);
      expect(await sessions.callerOf(token)).toBeDefined();
    }
    expect(touch).not.toHaveBeenCalled();
    clock.advance(1_000_000);
    await sessions.callerOf(token);
    expect(touch).toHaveBeenCalledTimes(1);
  });

  it("tells which of some sessions go on, which keeps none of them going", async () => {
    const [idle, ended, live] = [await logIn(), await logIn(), await logIn()];
    await sessions.logOut(ended);
    clock.advance(9 * MINUTE);
    await sessions.callerOf(live);
    const asked = [idle, ended, live, makeSessionToken(), "no token"];
    expect(await sessions.liveAmong(asked)).toEqual(new Set([idle, live]));
    clock.advance(2 * MINUTE);
    expect(await sessions.liveAmong(asked)).toEqual(new Set([live]));
  });

  it("ends a session that was idle, one that is too old, and that of a disabled person, and clears them up", async () => {
    const idle = await logIn();
    clock.advance(10 * MINUTE);
    expect(await sessions.callerOf(idle)).toBeUndefined();
    expect(await store.findSession(sessionDigest(idle))).toBeUndefined();

    const old = await logIn();
    for (let step = 0; step < 11; step += 1) {
      clock.advance(5 * MINUTE);
      expect(await sessions.callerOf(old)).toMatchObject({ name: "ada", roles: ["experimenter"] });
    }
    clock.advance(5 * MINUTE);
    expect(await sessions.callerOf(old)).toBeUndefined();

    const abandoned = await logIn();
    clock.advance(60 * MINUTE);
    await logIn();
    expect(await store.findSession(sessionDigest(abandoned))).toBeUndefined();
  });

  it.each(["", "x", "A".repeat(42), "A".repeat(44), `${"A".repeat(42)}=`, "__proto__"])(
    "asks no store about what is no token: %j",
    async (token) => {
      const find = vi.spyOn(store, "findSession");
      expect(await sessions.callerOf(token)).toBeUndefined();
      await sessions.logOut(token);
      expect(find).not.toHaveBeenCalled();
    },
  );
});

describe("the token against forged requests", () => {
  it("belongs to one session and gives nothing of it away", () => {
    const [one, other] = [makeSessionToken(), makeSessionToken()];
    expect(isCsrfToken(csrfTokenOf(one), one)).toBe(true);
    expect(isCsrfToken(csrfTokenOf(other), one)).toBe(false);
    for (const wrong of ["", one, csrfTokenOf(one).slice(1), `${csrfTokenOf(one)}x`])
      expect(isCsrfToken(wrong, one)).toBe(false);
    expect(csrfTokenOf(one)).not.toContain(one.slice(0, 8));
  });
});
