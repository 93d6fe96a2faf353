import { SYSTEM_ACTOR_ID } from "@lotty/domain";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { plainAuditLinker } from "@lotty/testkit/fakes/plain-audit-linker";
import { SequentialIds } from "@lotty/testkit/fakes/sequential-ids";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { PasswordHasher } from "../passwords/password-hasher.ts";
import { CHEAP_SCRYPT } from "../passwords/cheap-scrypt.ts";
import { MemoryIdentityStore } from "../memory/memory-identity-store.ts";
import { makeFirstAdmin } from "./first-admin.ts";

const hasher = new PasswordHasher(CHEAP_SCRYPT);
const clock = new ManualClock(1_790_000_000_000_000);
const ids = new SequentialIds();
const audit = plainAuditLinker;

let store: MemoryIdentityStore;
beforeEach(() => {
  store = new MemoryIdentityStore();
});

describe("makeFirstAdmin", () => {
  it("generates a password that is nowhere else, and that fits", async () => {
    const made = await makeFirstAdmin({ store, hasher, clock, ids, audit, password: null });
    expect(made?.generatedPassword).toMatch(/^[0-9A-Za-z]{24}$/);
    const admin = await store.findUserByName("admin");
    expect(admin?.roles).toEqual(["admin"]);
    expect(await hasher.verify(made?.generatedPassword ?? "", admin?.passwordHash)).toBe(true);
    expect(JSON.stringify(admin)).not.toContain(made?.generatedPassword);
  });

  it("is on record, as done by nobody but the start, and without the password or its hash", async () => {
    const made = await makeFirstAdmin({ store, hasher, clock, ids, audit, password: null });
    expect(store.entries).toMatchObject([
      {
        action: "user.create",
        actor: { id: SYSTEM_ACTOR_ID, kind: "system" },
        from: "the first start",
        entity: { kind: "user", key: "admin" },
        before: null,
        after: { name: "admin", roles: ["admin"], disabled: false },
      },
    ]);
    expect(JSON.stringify(store.entries)).not.toContain(made?.generatedPassword);
    expect(JSON.stringify(store.entries)).not.toContain("scrypt");
  });

  it("takes the password that was chosen and does not tell it", async () => {
    const made = await makeFirstAdmin({ store, hasher, clock, ids, audit, password: "correct horse battery" });
    expect(made).toEqual({ name: "admin", generatedPassword: null });
    expect(await hasher.verify("correct horse battery", (await store.findUserByName("admin"))?.passwordHash)).toBe(
      true,
    );
  });

  it("refuses a password that everybody would try", async () => {
    const making = makeFirstAdmin({ store, hasher, clock, ids, audit, password: "changeme" });
    await expect(making).rejects.toMatchObject({ code: "invalid_configuration" });
    expect(await store.listUsers()).toEqual([]);
  });

  it("does nothing, and hashes nothing, where there is somebody", async () => {
    await makeFirstAdmin({ store, hasher, clock, ids, audit, password: null });
    const hash = vi.spyOn(hasher, "hash");
    expect(await makeFirstAdmin({ store, hasher, clock, ids, audit, password: null })).toBeUndefined();
    expect(hash).not.toHaveBeenCalled();
    hash.mockRestore();
  });

  it("is done by one of two who start at once, and only that one tells a password", async () => {
    const made = await Promise.all(
      [1, 2, 3].map(() => makeFirstAdmin({ store, hasher, clock, ids, audit, password: null })),
    );
    expect(made.filter((each) => each !== undefined)).toHaveLength(1);
    expect(await store.listUsers()).toHaveLength(1);
  });
});
