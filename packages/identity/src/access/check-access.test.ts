import { type Role, ROLES } from "@lotty/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ScopedAccess } from "./access.ts";
import { actorOf, type Caller, LOCAL_CALLER, NOBODY, personCaller } from "./caller.ts";
import { checkAccess, hasRole } from "./check-access.ts";
import { type Scope, SCOPES } from "./scope.ts";

const HERE = "00000000-0000-7000-8000-000000000001";

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
        expect(checkAccess(asked, NOBODY, HERE)).toEqual({ kind: "unauthenticated" });
      }),
    );
  });

  it("gives an admin everything", () => {
    const admin = personCaller({ id: "a", name: "ada", roles: ["admin"] });
    fc.assert(
      fc.property(accesses, (asked) => {
        expect(checkAccess(asked, admin, HERE)).toBeUndefined();
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
        if (checkAccess(asked, less, HERE) !== undefined) return;
        expect(checkAccess(asked, key(has), HERE)).toBeUndefined();
      }),
    );
  });

  it("lets whoever is on this machine decide and look, and asks for more before anything changes", () => {
    expect(checkAccess(access("decide", "viewer"), LOCAL_CALLER, HERE)).toBeUndefined();
    expect(checkAccess(access("read", "viewer", true), LOCAL_CALLER, HERE)).toBeUndefined();
    for (const role of ROLES) {
      expect(checkAccess(access("manage", role), LOCAL_CALLER, HERE)).toEqual({ kind: "unauthenticated" });
    }
    expect(checkAccess(access("read", "admin"), LOCAL_CALLER, HERE)).toEqual({ kind: "unauthenticated" });
  });

  it("says which scope or role a key or person lacks", () => {
    const viewer = personCaller({ id: "v", name: "vera", roles: ["viewer"] });
    expect(checkAccess(access("manage", "experimenter"), viewer, HERE)).toEqual({
      kind: "missing_role",
      role: "experimenter",
    });
    const deciding = key({ scopes: ["decide"] });
    expect(checkAccess(access("read", "viewer"), deciding, HERE)).toEqual({ kind: "missing_scope", scope: "read" });
    const managing = key({ scopes: ["manage"], roles: ["experimenter"] });
    expect(checkAccess(access("manage", "admin"), managing, HERE)).toEqual({ kind: "missing_role", role: "admin" });
  });

  it("keeps what only servers may see from client keys", () => {
    const client = key({ keyType: "client", scopes: ["decide"] });
    expect(checkAccess(access("decide", "viewer", true), client, HERE)).toEqual({ kind: "client_key" });
    expect(checkAccess(access("decide", "viewer"), client, HERE)).toBeUndefined();
  });

  it("binds a key to its environment", () => {
    const elsewhere = key({ scopes: ["decide"], environmentId: "00000000-0000-7000-8000-000000000002" });
    expect(checkAccess(access("decide", "viewer"), elsewhere, HERE)).toEqual({ kind: "other_environment" });
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
