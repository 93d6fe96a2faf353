import { DEFAULT_ENVIRONMENT_ID, MAX_EVENT_TYPES } from "@lotty/domain";
import { memoryControlPorts, type MemoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { beforeEach, describe, expect, it } from "vitest";
import {
  by,
  controlFixture,
  done,
  EVE,
  person,
  refusalCodes,
  type ControlFixture,
} from "../testing/control-fixture.ts";
import type { EventTypeEdit } from "./event-type-control.ts";

let fixture: ControlFixture<MemoryControlPorts>;
beforeEach(() => {
  fixture = controlFixture(memoryControlPorts());
});

function create(key: string, fields: EventTypeEdit = {}): ReturnType<typeof fixture.eventTypes.create> {
  return fixture.eventTypes.create({ ...by(EVE), key, fields });
}

function edit(key: string, expectedVersion: number, change: EventTypeEdit): ReturnType<typeof fixture.eventTypes.edit> {
  return fixture.eventTypes.edit({ ...by(EVE), key, expectedVersion, edit: change });
}

describe("an event type", () => {
  it("is made, changed, archived and taken back, each on record", async () => {
    const made = done(await create("purchase", { description: "Paid", schema: { type: "object" } }));
    expect(made).toMatchObject({ key: "purchase", requiresExposure: false, archivedAt: null, version: 1 });
    const edited = done(await edit("purchase", 1, { requiresExposure: true, schema: null }));
    expect(edited).toMatchObject({ description: "Paid", schema: null, requiresExposure: true, version: 2 });
    const archived = done(await edit("purchase", 2, { archived: true }));
    expect(archived.archivedAt).toBe(archived.updatedAt);
    const restored = done(await edit("purchase", 3, { archived: false }));
    expect(await fixture.ports.store.eventTypes(DEFAULT_ENVIRONMENT_ID)).toStrictEqual([restored]);
    expect(fixture.ports.store.entries.map(({ action }) => action)).toStrictEqual([
      "event_type.create",
      "event_type.edit",
      "event_type.archive",
      "event_type.restore",
    ]);
  });

  it("raises the revision, by which processes learn of it", async () => {
    const before = await fixture.ports.store.load(DEFAULT_ENVIRONMENT_ID);
    done(await create("purchase"));
    const after = await fixture.ports.store.load(DEFAULT_ENVIRONMENT_ID);
    expect(after.revision).toBe(before.revision + 1);
  });

  it("has a key of its own, which is not that of exposures", async () => {
    done(await create("purchase"));
    expect(refusalCodes(await create("purchase"))).toStrictEqual(["key_taken"]);
    expect(refusalCodes(await create("exposure"))).toStrictEqual(["key_taken"]);
    expect(refusalCodes(await create(" "))).toStrictEqual(["invalid_field"]);
  });

  it("is refused when there are as many as an environment may have, and says how many", async () => {
    const made = done(await create("purchase"));
    const { store } = fixture.ports;
    const others = Array.from({ length: MAX_EVENT_TYPES - 2 }, (_, index) => ({ ...made, key: `other-${index}` }));
    const known = await store.eventTypes(DEFAULT_ENVIRONMENT_ID);
    store.eventTypes = async () => [...known, ...others];
    done(await create("last"));
    store.eventTypes = async () => [...known, ...others, { ...made, key: "last" }];
    const refused = await create("one-more");
    expect(refusalCodes(refused)).toStrictEqual(["too_many_event_types"]);
    expect(JSON.stringify(refused)).toContain("at most 1000 event types");
    expect(done(await edit("purchase", 1, { archived: true })).version).toBe(2);
  });

  it("has a schema that can be used", async () => {
    expect(await create("purchase", { schema: { type: "no such" } })).toMatchObject({
      refusals: [{ field: "schema" }],
    });
    done(await create("purchase"));
    expect(refusalCodes(await edit("purchase", 1, { schema: { colour: 1 } }))).toStrictEqual(["invalid_field"]);
  });

  it("is changed only by those who have seen its version, and who may", async () => {
    done(await create("purchase"));
    expect(refusalCodes(await edit("purchase", 2, { requiresExposure: true }))).toStrictEqual(["version_mismatch"]);
    expect(refusalCodes(await edit("purchase", 1, { requiresExposure: false }))).toStrictEqual(["nothing_changed"]);
    expect(refusalCodes(await edit("refund", 1, {}))).toStrictEqual(["not_found"]);
    const viewer = { ...by(person("vic", "viewer")), key: "refund", fields: {} };
    expect(refusalCodes(await fixture.eventTypes.create(viewer))).toStrictEqual(["forbidden"]);
  });

  it("is made once when two make it at the same time", async () => {
    fixture.ports.store.beforeNextCommit(async () => void (await create("purchase")));
    expect(refusalCodes(await create("purchase"))).toStrictEqual(["key_taken"]);
  });
});
