import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { memoryControlPorts, type MemoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { beforeEach, describe, expect, it } from "vitest";
import {
  by,
  controlFixture,
  done,
  drafted,
  EVE,
  launched,
  person,
  refusalCodes,
  type ControlFixture,
} from "../testing/control-fixture.ts";

let fixture: ControlFixture<MemoryControlPorts>;
beforeEach(() => {
  fixture = controlFixture(memoryControlPorts());
});

describe("a conflict domain", () => {
  it("is made, changed and removed, each on record", async () => {
    const { experiment } = await drafted(fixture);
    const domain = done(await fixture.domains.create({ ...by(EVE), key: "checkout" }));
    const members = [{ experimentId: experiment.id, priority: 5 }];
    const edited = done(await fixture.domains.edit({ ...by(EVE), domainId: domain.id, edit: { members } }));
    expect(edited).toStrictEqual({ id: domain.id, key: "checkout", members });
    expect((await fixture.ports.store.load(DEFAULT_ENVIRONMENT_ID)).domains).toStrictEqual([edited]);
    done(await fixture.domains.remove({ ...by(EVE), domainId: domain.id }));
    expect((await fixture.ports.store.load(DEFAULT_ENVIRONMENT_ID)).domains).toStrictEqual([]);
    expect(fixture.ports.store.entries.slice(2)).toMatchObject([
      { action: "domain.create", before: null },
      { action: "domain.edit", before: { members: [] }, after: { members } },
      { action: "domain.remove", after: null },
    ]);
  });

  it("has a name of its own, and members that exist, once each", async () => {
    const { experiment } = await drafted(fixture);
    done(await fixture.domains.create({ ...by(EVE), key: "checkout" }));
    const member = { experimentId: experiment.id, priority: 1 };
    const create = (key: string, ...members: readonly (typeof member)[]): ReturnType<typeof fixture.domains.create> =>
      fixture.domains.create({ ...by(EVE), key, members });
    expect(refusalCodes(await create("checkout"))).toStrictEqual(["key_taken"]);
    expect(refusalCodes(await create(" "))).toStrictEqual(["invalid_field"]);
    expect(refusalCodes(await create("a", { experimentId: "none", priority: 1 }))).toStrictEqual(["not_found"]);
    expect(refusalCodes(await create("a", member, member))).toStrictEqual(["invalid_field"]);
    expect(refusalCodes(await create("a", { ...member, priority: 0.5 }))).toStrictEqual(["invalid_field"]);
    expect(refusalCodes(await create("a", { ...member, priority: 2 ** 31 }))).toStrictEqual(["invalid_field"]);
  });

  it("that does not exist can be neither changed nor removed", async () => {
    const edit = { ...by(EVE), domainId: "none", edit: {} };
    expect(refusalCodes(await fixture.domains.edit(edit))).toStrictEqual(["not_found"]);
    expect(refusalCodes(await fixture.domains.remove(edit))).toStrictEqual(["not_found"]);
  });

  it("is not for viewers to change", async () => {
    const create = fixture.domains.create({ ...by(person("vic", "viewer")), key: "a" });
    expect(refusalCodes(await create)).toStrictEqual(["forbidden"]);
  });
});

describe("the overlap", () => {
  it("is asked for active experiments alone", async () => {
    const { experiment } = await launched(fixture);
    fixture.ports.sharedSubjects.experiments = [{ experimentId: experiment.id, assigned: 10 }];
    const pair = { experimentIds: [experiment.id, "over"] as const, subjects: 3 };
    fixture.ports.sharedSubjects.pairs = [pair];
    fixture.ports.sharedSubjects.losses = [{ domainId: "d", loserId: experiment.id, winnerId: "w", subjects: 10 }];
    const answer = await fixture.domains.overlap({ ...by(person("vic", "viewer")), days: 7 });
    expect(answer).toMatchObject({
      status: "done",
      result: { pairs: [], costs: [{ domainId: "d", experimentId: experiment.id, lost: 10, share: 0.5 }] },
    });
  });

  it("is of some days, and for those who may read", async () => {
    expect(refusalCodes(await fixture.domains.overlap({ ...by(EVE), days: 0 }))).toStrictEqual(["invalid_field"]);
    expect(refusalCodes(await fixture.domains.overlap({ ...by(person("n")), days: 1 }))).toStrictEqual(["forbidden"]);
  });
});
