import { DEFAULT_ENVIRONMENT_ID, type Role, ROLES } from "@lotty/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ScopedAccess } from "./access.ts";
import { actorOf, type Caller, LOCAL_CALLER, NOBODY, personCaller } from "./caller.ts";
import { checkAccess, hasRole } from "./check-access.ts";
import { type Scope, SCOPES } from "./scope.ts";

function key(given: Partial<Caller>): Caller {
  return { ...NOBODY, kind: "key", id: "k", name: "k", roles: ["viewer"], keyType: "server", ...given };
}

function access(scope: Scope, role: Role, serverOnly?: true): ScopedAccess {
  return { kind: "scope", scope, role, ...(serverOnly && { serverOnly }) };
}

const accesses = fc.record({
  kind: fc.constant("scope" as const),
  scope: fc.constantFrom(...SCOPES),
  role: fc.constantFrom(...ROLES),
});

describe("checkAccess", () => {
  it("gives nobody anything, whatever is asked for", () => {
    fc.assert(
      fc.property(accesses, (asked) => {
        expect(checkAccess(asked, NOBODY)).toEqual({ kind: "unauthenticated" });
      }),
    );
  });

  it("gives an admin everything", () => {
    const admin = personCaller({ id: "a", name: "ada", roles: ["admin"] });
    fc.assert(
      fc.property(accesses, (asked) => {
        expect(checkAccess(asked, admin)).toBeUndefined();
      }),
    );
  });

  it("never gives more to a caller who has less", () => {
    const callers = fc.record({
      roles: fc.subarray([...ROLES]),
      scopes: fc.subarray([...SCOPES]),
    });
    fc.assert(
      fc.property(accesses, callers, fc.nat(3), (asked, has, dropped) => {
        const less = key({ roles: has.roles.toSpliced(dropped, 1), scopes: has.scopes.toSpliced(dropped, 1) });
        if (checkAccess(asked, less) !== undefined) return;
        expect(checkAccess(asked, key(has))).toBeUndefined();
      }),
    );
  });

  it("lets whoever is on this machine decide and look, and asks for more before anything changes", () => {
    expect(checkAccess(access("decide", "viewer"), LOCAL_CALLER)).toBeUndefined();
    expect(checkAccess(access("read", "viewer", true), LOCAL_CALLER)).toBeUndefined();
    for (const role of ROLES) {
      expect(checkAccess(access("manage", role), LOCAL_CALLER)).toEqual({ kind: "unauthenticated" });
    }
    expect(checkAccess(access("read", "admin"), LOCAL_CALLER)).toEqual({ kind: "unauthenticated" });
  });

  it("says which scope or role a key or person lacks", () => {
    const viewer = personCaller({ id: "v", name: "vera", roles: ["viewer"] });
    expect(checkAccess(access("manage", "experimenter"), viewer)).toEqual({
      kind: "missing_role",
      role: "experimenter",
    });
    const deciding = key({ scopes: ["decide"] });
    expect(checkAccess(access("read", "viewer"), deciding)).toEqual({ kind: "missing_scope", scope: "read" });
    const managing = key({ scopes: ["manage"], roles: ["experimenter"] });
    expect(checkAccess(access("manage", "admin"), managing)).toEqual({ kind: "missing_role", role: "admin" });
  });

  it("keeps what only servers may see from client keys", () => {
    const client = key({ keyType: "client", scopes: ["decide"] });
    expect(checkAccess(access("decide", "viewer", true), client)).toEqual({ kind: "client_key" });
    expect(checkAccess(access("decide", "viewer"), client)).toBeUndefined();
  });

  it("keeps keys of other environments from what concerns all of them", () => {
    const elsewhere = key({ scopes: ["read"], environmentId: "00000000-0000-7000-8000-000000000002" });
    const everywhere = { ...access("read", "viewer"), everywhere: true } as const;
    expect(checkAccess(access("read", "viewer"), elsewhere)).toBeUndefined();
    expect(checkAccess(everywhere, elsewhere)).toEqual({ kind: "not_everywhere" });
    expect(checkAccess(everywhere, key({ scopes: ["read"], environmentId: DEFAULT_ENVIRONMENT_ID }))).toBeUndefined();
    expect(checkAccess(everywhere, personCaller({ id: "v", name: "vera", roles: ["viewer"] }))).toBeUndefined();
  });
});

describe("hasRole", () => {
  it.each<[Role, readonly Role[]]>([
    ["admin", ["admin"]],
    ["experimenter", ["admin", "experimenter"]],
    ["approver", ["admin", "approver"]],
    ["viewer", ["admin", "experimenter", "approver", "viewer"]],
  ])("needs for %s one of %j", (required, sufficient) => {
    for (const role of ROLES) expect(hasRole([role], required)).toBe(sufficient.includes(role));
    expect(hasRole([], required)).toBe(false);
  });
});

describe("actorOf", () => {
  it("names people and keys, and not those who are nobody", () => {
    expect(actorOf(personCaller({ id: "a", name: "ada", roles: ["admin"] }), "127.0.0.1")).toEqual({
      id: "a",
      name: "ada",
      roles: ["admin"],
      kind: "user",
      from: "127.0.0.1",
    });
    expect(actorOf(LOCAL_CALLER, null)).toBeUndefined();
  });
});
