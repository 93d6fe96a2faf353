import { ROLES, type Role } from "@lotty/domain";
import { describe, expect, it, test } from "vitest";
import { person } from "../testing/control-fixture.ts";
import { mayDo, PERMISSION_NAMES, PERMISSIONS } from "./permission.ts";

describe("the table of permissions", () => {
  const table: Readonly<Record<Role, number>> = { admin: 21, experimenter: 11, approver: 4, viewer: 1 };

  test.each(ROLES)("gives %s what it says and nothing else", (role) => {
    const allowed = PERMISSION_NAMES.filter((permission) => mayDo(person("ada", role), permission) === undefined);
    expect(allowed).toStrictEqual(PERMISSION_NAMES.filter((permission) => PERMISSIONS[permission].includes(role)));
    expect(allowed).toHaveLength(table[role]);
  });

  it("lets nobody but reviewers approve, and experimenters no more than write and run", () => {
    expect(PERMISSIONS["experiment.review"]).toStrictEqual(["admin", "approver"]);
    expect(PERMISSIONS["experiment.edit"]).toStrictEqual(["admin", "experimenter"]);
  });

  it("gives an actor what any of its roles gives", () => {
    const both = person("ada", "viewer", "approver");
    expect(mayDo(both, "experiment.review")).toBeUndefined();
    expect(mayDo(both, "experiment.edit")).toBeDefined();
  });

  it("refuses everything to an actor without roles", () => {
    const nobody = person("nobody");
    expect(PERMISSION_NAMES.filter((permission) => mayDo(nobody, permission) === undefined)).toStrictEqual([]);
  });

  it("says which roles would do", () => {
    expect(mayDo(person("vic", "viewer"), "flag.edit")).toStrictEqual({
      code: "forbidden",
      message: "flag.edit takes one of the roles admin, experimenter; vic is viewer.",
      permission: "flag.edit",
      roles: ["admin", "experimenter"],
    });
  });
});
