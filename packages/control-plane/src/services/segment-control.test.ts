import { DEFAULT_ENVIRONMENT_ID, type Segment } from "@lotty/domain";
import { memoryControlPorts, type MemoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { beforeEach, describe, expect, it } from "vitest";
import {
  by,
  controlFixture,
  done,
  drafted,
  EVE,
  person,
  refusalCodes,
  type ControlFixture,
} from "../testing/control-fixture.ts";

let fixture: ControlFixture<MemoryControlPorts>;
beforeEach(() => {
  fixture = controlFixture(memoryControlPorts());
});

function create(key: string, rule: string): ReturnType<typeof fixture.segments.create> {
  return fixture.segments.create({ ...by(EVE), key, rule });
}

function edit(segment: Segment, rule: string): ReturnType<typeof fixture.segments.edit> {
  return fixture.segments.edit({ ...by(EVE), segmentId: segment.id, expectedVersion: segment.version, rule });
}

function remove(segment: Segment): ReturnType<typeof fixture.segments.remove> {
  return fixture.segments.remove({ ...by(EVE), segmentId: segment.id });
}

describe("a segment", () => {
  it("is made, changed and removed, each on record", async () => {
    const segment = done(await create("beta", "age > 5"));
    const edited = done(await edit(segment, "age > 6"));
    expect(edited).toMatchObject({ id: segment.id, key: "beta", rule: "age > 6", version: 2 });
    expect((await fixture.ports.store.load(DEFAULT_ENVIRONMENT_ID)).segments).toStrictEqual([edited]);
    done(await remove(edited));
    expect((await fixture.ports.store.load(DEFAULT_ENVIRONMENT_ID)).segments).toStrictEqual([]);
    expect(fixture.ports.store.entries.map(({ action }) => action)).toStrictEqual([
      "segment.create",
      "segment.edit",
      "segment.remove",
    ]);
  });

  it("has a name of its own and a rule that parses and names what is there", async () => {
    done(await create("beta", ""));
    expect(refusalCodes(await create("beta", ""))).toStrictEqual(["key_taken"]);
    expect(refusalCodes(await create(" ", ""))).toStrictEqual(["invalid_field"]);
    expect(refusalCodes(await create("a", "country =="))).toStrictEqual(["invalid_field"]);
    expect(refusalCodes(await create("a", 'IN SEGMENT "none"'))).toStrictEqual(["invalid_field"]);
  });

  it("never ends up in a circle", async () => {
    const one = done(await create("one", ""));
    done(await create("two", 'IN SEGMENT "one"'));
    expect(await edit(one, 'NOT IN SEGMENT "two"')).toMatchObject({
      refusals: [{ code: "invalid_field", field: "rule", message: expect.stringContaining("in a circle: ") }],
    });
    expect(refusalCodes(await edit(one, 'IN SEGMENT "one"'))).toStrictEqual(["invalid_field"]);
    expect(refusalCodes(await create("self", 'IN SEGMENT "self"'))).toStrictEqual(["invalid_field"]);
  });

  it("does not build on others without end", async () => {
    done(await create("s1", "age > 1"));
    for (let depth = 2; depth <= 10; depth += 1) done(await create(`s${depth}`, `IN SEGMENT "s${depth - 1}"`));
    expect(refusalCodes(await create("s11", 'IN SEGMENT "s10"'))).toStrictEqual(["invalid_field"]);
  });

  it("is not removed while anything asks for it", async () => {
    const beta = done(await create("beta", ""));
    const user = done(await create("user", 'IN SEGMENT "beta"'));
    expect(await remove(beta)).toMatchObject({ refusals: [{ code: "in_use", by: ["user"] }] });
    done(await remove(user));
    const { flag, experiment } = await drafted(fixture, { targetingRules: 'IN SEGMENT "beta"' });
    const rules = [{ targetingRules: 'age > 1 OR NOT IN SEGMENT "beta"', value: "x", rollout: 1 }];
    done(await fixture.flags.edit({ ...by(EVE), flagId: flag.id, expectedVersion: 1, edit: { rules } }));
    expect(await remove(beta)).toMatchObject({ refusals: [{ by: [flag.key, experiment.key] }] });
  });

  it("is changed only by those who have seen its version, and who may", async () => {
    const segment = done(await create("beta", ""));
    done(await edit(segment, "age > 1"));
    expect(refusalCodes(await edit(segment, "age > 2"))).toStrictEqual(["version_mismatch"]);
    expect(refusalCodes(await edit({ ...segment, version: 2 }, "age > 1"))).toStrictEqual(["nothing_changed"]);
    expect(refusalCodes(await edit({ ...segment, id: "none" }, ""))).toStrictEqual(["not_found"]);
    const viewer = { ...by(person("vic", "viewer")), key: "a", rule: "" };
    expect(refusalCodes(await fixture.segments.create(viewer))).toStrictEqual(["forbidden"]);
  });
});
