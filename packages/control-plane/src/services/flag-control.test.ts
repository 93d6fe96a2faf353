import { DEFAULT_ENVIRONMENT_ID, MICROS_PER_DAY, type Flag } from "@lotty/domain";
import { memoryControlPorts, type MemoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { beforeEach, describe, expect, it, test } from "vitest";
import type { FlagEdit } from "../flags/edit-flag.ts";
import {
  BUTTON,
  by,
  controlFixture,
  done,
  drafted,
  EVE,
  launched,
  person,
  refusalCodes,
  ROOT,
  type ControlFixture,
} from "../testing/control-fixture.ts";

let fixture: ControlFixture<MemoryControlPorts>;
beforeEach(() => {
  fixture = controlFixture(memoryControlPorts());
});

async function created(fields: FlagEdit = {}): Promise<Flag> {
  return done(await fixture.flags.create({ ...by(EVE), fields: { ...BUTTON, ...fields } })).flag;
}

function edit(flag: Flag, fields: FlagEdit): ReturnType<typeof fixture.flags.edit> {
  return fixture.flags.edit({ ...by(EVE), flagId: flag.id, expectedVersion: flag.version, edit: fields });
}

const RULE = { targetingRules: 'country == "DE"', value: "red", rollout: 5_000 };

describe("a flag", () => {
  it("is made switched on, and its making is on record", async () => {
    const flag = await created({ owner: "team a", tags: ["b", "a", "b"] });
    expect(flag).toMatchObject({ key: "button", enabled: true, rules: [], version: 1 });
    const details = await fixture.ports.store.flagDetails(flag.id);
    expect(details).toMatchObject({ owner: "team a", tags: ["a", "b"], archivedAt: null });
    expect(fixture.ports.store.entries).toMatchObject([
      { action: "flag.create", before: null, after: { key: "button" } },
    ]);
  });

  it("can be killed at once", async () => {
    const flag = await created();
    expect(done(await edit(flag, { enabled: false })).flag).toMatchObject({ enabled: false, version: 2 });
  });

  it("is changed only by those who have seen its version", async () => {
    const flag = await created();
    done(await edit(flag, { defaultValue: "red" }));
    expect(await edit(flag, { defaultValue: "blue" })).toMatchObject({
      refusals: [{ code: "version_mismatch", expected: 1, current: 2 }],
    });
  });

  const BAD: readonly (readonly [string, FlagEdit, string])[] = [
    ["a default of another type", { defaultValue: 1 }, "defaultValue"],
    ["a rule's value of another type", { rules: [{ ...RULE, value: 1 }] }, "rules.0.value"],
    ["a rule that is none", { rules: [{ ...RULE, targetingRules: "country ==" }] }, "rules.0.targetingRules"],
    [
      "a rule for a segment that is not there",
      { rules: [{ ...RULE, targetingRules: 'IN SEGMENT "x"' }] },
      "rules.0.targetingRules",
    ],
    ["a rollout beyond everyone", { rules: [{ ...RULE, rollout: 10_001 }] }, "rules.0.rollout"],
    ["a default against the schema", { valueSchema: { enum: ["red"] } }, "defaultValue"],
    ["a schema that is none", { valueSchema: { type: "text" } }, "valueSchema"],
    ["an empty tag", { tags: [""] }, "tags"],
  ];

  test.each(BAD)("does not take %s", async (_, fields, field) => {
    const flag = await created();
    expect(await edit(flag, fields)).toMatchObject({ status: "refused", refusals: [{ code: "invalid_field", field }] });
    expect((await fixture.ports.store.load(DEFAULT_ENVIRONMENT_ID)).flags).toStrictEqual([flag]);
  });

  it("does not take a schema that a variant of an experiment does not satisfy", async () => {
    const { flag } = await drafted(fixture);
    expect(await edit(flag, { valueSchema: { enum: ["grey"] } })).toMatchObject({
      refusals: [{ code: "invalid_field", field: "experiments.green-button.green" }],
    });
  });

  it("has a key of its own", async () => {
    await created();
    expect(refusalCodes(await fixture.flags.create({ ...by(EVE), fields: BUTTON }))).toStrictEqual(["key_taken"]);
    expect(refusalCodes(await fixture.flags.create({ ...by(EVE), fields: { ...BUTTON, key: "" } }))).toStrictEqual([
      "invalid_field",
    ]);
  });

  it("keeps the ids of its rules, and gives new ones to those that it does not know", async () => {
    const first = done(await edit(await created(), { rules: [RULE, { ...RULE, value: "blue" }] })).flag;
    const [one, two] = first.rules;
    expect(one?.id).not.toBe(two?.id);
    const second = done(
      await edit(first, { rules: [two!, { ...one!, rollout: 10_000 }, { ...RULE, id: "forged" }] }),
    ).flag;
    expect(second.rules.map(({ id }) => id).slice(0, 2)).toStrictEqual([two?.id, one?.id]);
    expect(second.rules[2]?.id).not.toBe("forged");
  });

  it("is not changed by what says nothing new", async () => {
    const flag = await created();
    expect(refusalCodes(await edit(flag, { defaultValue: "grey", tags: [] }))).toStrictEqual(["nothing_changed"]);
  });
});

describe("versions of a flag", () => {
  it("can be compared and brought back", async () => {
    const one = await created();
    const two = done(await edit(one, { defaultValue: "red", enabled: false, rules: [RULE] })).flag;
    const question = { ...by(person("vic", "viewer")), flagId: one.id, from: 1, to: 2 };
    expect(await fixture.flags.diff(question)).toStrictEqual({
      status: "done",
      result: [
        { field: "defaultValue", before: "grey", after: "red" },
        { field: "enabled", before: true, after: false },
        { field: "rules", before: [], after: [{ ...RULE, id: two.rules[0]?.id }] },
      ],
    });
    const restored = done(await fixture.flags.restore({ ...by(EVE), flagId: one.id, version: 1 })).flag;
    expect(restored).toStrictEqual({ ...one, version: 3, updatedAt: fixture.ports.clock.now() });
  });

  it("that never were cannot be compared or brought back", async () => {
    const flag = await created();
    expect(refusalCodes(await fixture.flags.diff({ ...by(EVE), flagId: flag.id, from: 1, to: 9 }))).toStrictEqual([
      "not_found",
    ]);
    expect(refusalCodes(await fixture.flags.restore({ ...by(EVE), flagId: flag.id, version: 9 }))).toStrictEqual([
      "not_found",
    ]);
    expect(refusalCodes(await fixture.flags.restore({ ...by(EVE), flagId: flag.id, version: 1 }))).toStrictEqual([
      "nothing_changed",
    ]);
  });

  it("are not brought back against the schema of today", async () => {
    const one = await created();
    done(await edit(one, { defaultValue: "red", valueSchema: { enum: ["red"] } }));
    expect(refusalCodes(await fixture.flags.restore({ ...by(EVE), flagId: one.id, version: 1 }))).toStrictEqual([
      "invalid_field",
    ]);
  });
});

describe("archiving a flag", () => {
  it("waits for the end of its experiment", async () => {
    const { flag } = await launched(fixture);
    expect(await fixture.flags.archive({ ...by(EVE), flagId: flag.id })).toMatchObject({
      refusals: [{ code: "in_use", by: ["green-button"] }],
    });
  });

  it("keeps anything from being started or changed on it", async () => {
    const { flag, experiment } = await drafted(fixture);
    const { flag: archived } = done(await fixture.flags.archive({ ...by(EVE), flagId: flag.id }));
    expect(refusalCodes(await fixture.experiments.submit({ ...by(EVE), experimentId: experiment.id }))).toStrictEqual([
      "launch_blocked",
    ]);
    expect(refusalCodes(await edit(archived, { defaultValue: "red" }))).toStrictEqual(["flag_archived"]);
    expect(refusalCodes(await fixture.flags.archive({ ...by(EVE), flagId: flag.id }))).toStrictEqual(["flag_archived"]);
  });

  it("can be undone", async () => {
    const flag = await created();
    expect(refusalCodes(await fixture.flags.unarchive({ ...by(EVE), flagId: flag.id }))).toStrictEqual([
      "flag_not_archived",
    ]);
    done(await fixture.flags.archive({ ...by(EVE), flagId: flag.id }));
    expect(done(await fixture.flags.unarchive({ ...by(EVE), flagId: flag.id })).details.archivedAt).toBeNull();
  });

  it("comes before removing, which an admin does when no experiment refers to it", async () => {
    const { flag, experiment } = await drafted(fixture);
    const remove = (): ReturnType<typeof fixture.flags.remove> =>
      fixture.flags.remove({ ...by(ROOT), flagId: flag.id });
    expect(refusalCodes(await fixture.flags.remove({ ...by(EVE), flagId: flag.id }))).toStrictEqual(["forbidden"]);
    expect(refusalCodes(await remove())).toStrictEqual(["flag_not_archived"]);
    done(await fixture.flags.archive({ ...by(EVE), flagId: flag.id }));
    expect(refusalCodes(await remove())).toStrictEqual(["in_use"]);
    done(await fixture.experiments.remove({ ...by(EVE), experimentId: experiment.id }));
    done(await remove());
    expect((await fixture.ports.store.load(DEFAULT_ENVIRONMENT_ID)).flags).toStrictEqual([]);
    expect(refusalCodes(await remove())).toStrictEqual(["not_found"]);
  });
});

describe("stale flags", () => {
  it("are listed to everyone who may read", async () => {
    const flag = await created();
    fixture.ports.clock.advance(31 * MICROS_PER_DAY);
    const question = { ...by(person("vic", "viewer")), days: 30 };
    expect(await fixture.flags.stale(question)).toStrictEqual({
      status: "done",
      result: [{ flagId: flag.id, key: "button", reason: "not_decided", lastDecidedAt: null }],
    });
    expect(refusalCodes(await fixture.flags.stale({ ...by(person("nobody")), days: 30 }))).toStrictEqual(["forbidden"]);
    expect(refusalCodes(await fixture.flags.stale({ ...question, days: 0 }))).toStrictEqual(["invalid_field"]);
  });
});
