import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { memoryControlPorts, type MemoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { beforeEach, describe, expect, it } from "vitest";
import { by, controlFixture, done, EVE, refusalCodes, ROOT, type ControlFixture } from "../testing/control-fixture.ts";
import type { ApproverGroupFields } from "./approver-group-control.ts";

const GROUP: ApproverGroupFields = {
  name: "shop",
  experimenters: ["eve", "eve"],
  approvers: ["ann", "bob"],
  minimum: 2,
};

let fixture: ControlFixture<MemoryControlPorts>;
beforeEach(() => {
  fixture = controlFixture(memoryControlPorts());
});

function put(fields: Partial<ApproverGroupFields> = {}): ReturnType<typeof fixture.groups.put> {
  return fixture.groups.put({ ...by(ROOT), group: { ...GROUP, ...fields } });
}

describe("an approver group", () => {
  it("is made, changed and removed by an admin, each on record", async () => {
    const group = done(await put());
    expect(group.experimenters).toStrictEqual(["eve"]);
    done(await put({ id: group.id, minimum: 1 }));
    const groups = await fixture.ports.store.approverGroups(DEFAULT_ENVIRONMENT_ID);
    expect(groups).toStrictEqual([{ ...group, minimum: 1 }]);
    done(await fixture.groups.remove({ ...by(ROOT), groupId: group.id }));
    expect(await fixture.ports.store.approverGroups(DEFAULT_ENVIRONMENT_ID)).toStrictEqual([]);
    expect(fixture.ports.store.entries.map(({ action }) => action)).toStrictEqual([
      "approver_group.create",
      "approver_group.edit",
      "approver_group.remove",
    ]);
  });

  it("is nobody else's to change", async () => {
    expect(refusalCodes(await fixture.groups.put({ ...by(EVE), group: GROUP }))).toStrictEqual(["forbidden"]);
  });

  it("can give the approvals that it asks for", async () => {
    expect(refusalCodes(await put({ minimum: 3 }))).toStrictEqual(["invalid_field"]);
    expect(refusalCodes(await put({ approvers: ["ann", "ann"] }))).toStrictEqual(["invalid_field"]);
    expect(refusalCodes(await put({ minimum: 0 }))).toStrictEqual(["invalid_field"]);
  });

  it("has a name of its own, and exists before it is changed", async () => {
    done(await put());
    expect(refusalCodes(await put())).toStrictEqual(["key_taken"]);
    expect(refusalCodes(await put({ name: "" }))).toStrictEqual(["invalid_field"]);
    expect(refusalCodes(await put({ name: "b", id: "none" }))).toStrictEqual(["not_found"]);
    expect(refusalCodes(await fixture.groups.remove({ ...by(ROOT), groupId: "none" }))).toStrictEqual(["not_found"]);
  });
});
