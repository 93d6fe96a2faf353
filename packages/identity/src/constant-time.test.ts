import { systemActor } from "@lotty/domain";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { ManualTimer } from "@lotty/testkit/fakes/manual-timer";
import { plainAuditLinker } from "@lotty/testkit/fakes/plain-audit-linker";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { SequentialIds } from "@lotty/testkit/fakes/sequential-ids";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { KeyRing } from "./keys/key-ring.ts";
import { KeyService } from "./keys/key-service.ts";
import { MemoryIdentityStore } from "./memory/memory-identity-store.ts";
import { CHEAP_SCRYPT } from "./passwords/cheap-scrypt.ts";
import { PasswordHasher } from "./passwords/password-hasher.ts";
import { isCsrfToken } from "./sessions/session-token.ts";

const compared = vi.hoisted(() => vi.fn<(one: number, other: number) => void>());

vi.mock(import("node:crypto"), async (original) => {
  const crypto = await original();
  const timingSafeEqual: typeof crypto.timingSafeEqual = (one, other) => {
    compared(one.byteLength, other.byteLength);
    return crypto.timingSafeEqual(one, other);
  };
  return { ...crypto, timingSafeEqual };
});

beforeEach(() => compared.mockClear());

describe("whoever guesses", () => {
  it("learns nothing from how long it takes: compares digests of keys in constant time", async () => {
    const store = new MemoryIdentityStore();
    const clock = new ManualClock(1_790_000_000_000_000);
    const service = new KeyService({ store, clock, ids: new SequentialIds(), audit: plainAuditLinker });
    const asked = { name: "x", type: "server", scopes: ["read"], environment: "production", expiresAt: null } as const;
    const made = await service.make(asked, systemActor("a test"));
    const text = made.ok ? made.text : "";
    const notices = { publish: () => Promise.resolve(), subscribe: () => Promise.resolve(() => Promise.resolve()) };
    const ports = { store, notices, clock, timer: new ManualTimer(), logger: new RecordingLogger() };
    const ring = new KeyRing({ ...ports, pollMillis: 5_000 });
    await ring.start();
    const last = text.at(-1) === "0" ? "1" : "0";
    const nearly = [`${text.slice(0, -1)}${last}`, `${text.slice(0, 22)}${"0".repeat(text.length - 22)}`];
    for (const guess of nearly) expect(ring.callerOf(guess)).toBeUndefined();
    expect(ring.callerOf(text)).toBeDefined();
    expect(compared.mock.calls).toEqual([
      [32, 32],
      [32, 32],
      [32, 32],
    ]);
    await ring.stop();
  });

  it("compares hashes of passwords and tokens against forged requests in constant time", async () => {
    const hasher = new PasswordHasher(CHEAP_SCRYPT);
    const stored = await hasher.hash("correct horse battery");
    compared.mockClear();
    expect(await hasher.verify("correct horse batterz", stored)).toBe(false);
    expect(isCsrfToken("A".repeat(43), "token")).toBe(false);
    expect(compared).toHaveBeenCalledTimes(2);
  });
});
