import { type Definitions, readDefinitions } from "@lotty/definitions";
import { DEFAULT_ENVIRONMENT_ID, type AuditEntry } from "@lotty/domain";
import { memoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { beforeEach, describe, expect, it } from "vitest";
import { verifyChain } from "../audit/verify-chain.ts";
import { by, controlFixture, done, EVE, ROOT, type ControlFixture } from "../testing/control-fixture.ts";
import { createDefinitionsControl, type DefinitionsControl } from "./definitions-control.ts";

const ANN_ID = "01a203d3-6d24-7000-8000-00000000a001";

const FILE = `
segments:
  staff: email ENDS_WITH "@example.com"
flags:
  - key: colour
    type: string
    default: grey
    description: What the button looks like
    owner: team web
    tags: [shop, web]
    schema: { enum: [grey, green] }
  - { key: old, type: boolean, default: false, archived: true }
experiments:
  - key: green-button
    flag: colour
    status: draft
    variants:
      - { name: control, value: grey, weight: 50, control: true }
      - { name: green, value: green, weight: 50 }
    hypothesis: Green is pressed more
    planned_days: 14
domains:
  - { key: page, members: [{ experiment: green-button, priority: 3 }] }
approver_groups:
  - { name: shop, experimenters: [eve], approvers: [ann] }
`;

function read(text: string): Definitions {
  const reading = readDefinitions(text, { fileName: "lotty.yaml" });
  if (!reading.ok) throw new Error(reading.problems.map(({ message }) => message).join("\n"));
  return reading.definitions;
}

describe("the control of definitions", () => {
  let fixture: ControlFixture<ReturnType<typeof memoryControlPorts>>;
  let control: DefinitionsControl;
  const root = { ...by(ROOT), prune: false };

  beforeEach(() => {
    fixture = controlFixture(memoryControlPorts());
    control = controlOn(fixture);
  });

  function controlOn({ ports }: typeof fixture): DefinitionsControl {
    const people = [
      { id: ANN_ID, name: "ann" },
      { id: "01a203d3-6d24-7000-8000-00000000e001", name: "eve" },
    ];
    return createDefinitionsControl({ ...ports, people: () => Promise.resolve(people) });
  }

  const exported = async (from = control): Promise<string> =>
    done(await from.export({ ...by(ROOT), form: "yaml" })).text;
  const entries = (): readonly AuditEntry[] => fixture.ports.store.entries;

  it("makes an empty environment what a file says, and prints the file from which another one becomes the same", async () => {
    done(await control.apply({ ...root, definitions: read(FILE) }));
    const text = await exported();
    expect(text).toContain("owner: team web");
    expect(text).toContain("approvers:\n      - ann");
    const other = controlOn(controlFixture(memoryControlPorts()));
    done(await other.apply({ ...root, definitions: read(text) }));
    expect(await exported(other)).toBe(text);
  });

  it("puts one entry for each thing on record, as it was and as it is, in the same commit", async () => {
    done(await control.apply({ ...root, definitions: read(FILE) }));
    expect(entries().map(({ action, entity }) => `${action} ${entity.key}`)).toStrictEqual([
      "segment.apply staff",
      "flag.apply colour",
      "flag.apply old",
      "experiment.apply green-button",
      "domain.apply page",
      "approver_group.apply shop",
    ]);
    expect(entries()[1]).toMatchObject({
      actor: { id: "root" },
      before: null,
      after: { key: "colour", defaultValue: "grey", details: { owner: "team web", tags: ["shop", "web"] } },
    });
    const changed = FILE.replace("owner: team web", "owner: team shop");
    done(await control.apply({ ...root, definitions: read(changed) }));
    expect(entries().slice(6)).toMatchObject([
      {
        action: "flag.apply",
        before: { version: 1, details: { owner: "team web" } },
        after: { version: 2, details: { owner: "team shop" } },
      },
    ]);
    done(await control.apply({ ...root, prune: true, definitions: read("flags: []") }));
    expect(
      entries()
        .slice(7)
        .every(({ action, after }) => action.endsWith(".remove") && after === null),
    ).toBe(true);
    expect(entries().slice(7)).toHaveLength(6);
    expect(await verifyChain(entries())).toMatchObject({ ok: true, entries: 13 });
  });

  it("plans without writing, and says that nothing is to be done", async () => {
    const planned = done(await control.plan({ ...root, definitions: read(FILE) }));
    expect(planned).toMatchObject({ empty: false, revision: 0 });
    expect(planned.differences).toHaveLength(6);
    expect(entries()).toHaveLength(0);
    done(await control.apply({ ...root, definitions: read(FILE) }));
    expect(done(await control.plan({ ...root, definitions: read(FILE) }))).toMatchObject({
      empty: true,
      differences: [],
    });
    expect(await control.apply({ ...root, definitions: read(FILE) })).toMatchObject({
      status: "refused",
      refusals: [{ code: "nothing_changed" }],
    });
  });

  it("refuses what was worked out from an older revision", async () => {
    const { revision } = done(await control.plan({ ...root, definitions: read(FILE) }));
    done(await fixture.segments.create({ ...by(EVE), key: "other", rule: "a EXISTS" }));
    await expect(control.apply({ ...root, definitions: read(FILE), expectedRevision: revision })).rejects.toMatchObject(
      { code: "revision_conflict" },
    );
  });

  it("is for admins", async () => {
    const eve = { ...by(EVE), prune: false, definitions: read(FILE) };
    for (const answer of [
      await control.plan(eve),
      await control.apply(eve),
      await control.export({ ...by(EVE), form: "json" }),
    ]) {
      expect(answer).toMatchObject({ status: "refused", refusals: [{ code: "forbidden", roles: ["admin"] }] });
    }
  });

  it("refuses schemas that cannot be used, and values that they do not allow", async () => {
    const wrong = FILE.replace("enum: [grey, green]", "enum: [red]");
    expect(await control.plan({ ...root, definitions: read(wrong) })).toMatchObject({
      status: "refused",
      refusals: [
        { code: "invalid_field", field: "flags.colour.default" },
        { field: "experiments.green-button.variants.control" },
        { field: "experiments.green-button.variants.green" },
      ],
    });
    const unusable = FILE.replace("enum: [grey, green]", "type: colour");
    expect(await control.apply({ ...root, definitions: read(unusable) })).toMatchObject({
      refusals: [{ field: "flags.colour.schema" }],
    });
    expect(entries()).toHaveLength(0);
  });

  it("refuses people whom nobody knows", async () => {
    const unknown = read(FILE.replace("[ann]", "[zoe]"));
    await expect(control.plan({ ...root, definitions: unknown })).rejects.toMatchObject({
      code: "invalid_definition",
      message: expect.stringContaining("nobody is called `zoe`"),
    });
  });

  it("makes reviews void, remembers who wrote what, and tells people of steps that it takes", async () => {
    done(await control.apply({ ...root, definitions: read(FILE) }));
    const running = FILE.replace("status: draft", "status: running").replace("owner: team web", "owner: eve");
    done(await control.apply({ ...root, definitions: read(running) }));
    const { store, clock } = fixture.ports;
    const [details] = await store.allExperimentDetails(DEFAULT_ENVIRONMENT_ID);
    expect(details).toMatchObject({ authors: ["root"], contentVersion: 1, startedAt: clock.now() });
    const ended = running
      .replace("status: running", "status: completed")
      .replace(
        "    planned_days: 14\n",
        "    outcome: { kind: rollout_winner, variant: green, comment: more presses }\n",
      );
    done(await control.apply({ ...root, definitions: read(ended) }));
    const announced = store.notifications.announced(DEFAULT_ENVIRONMENT_ID);
    expect(announced.map(({ summary, tags }) => [summary, tags])).toStrictEqual([
      ["green-button was started.", ["shop", "web"]],
      ["green-button was completed (rollout_winner, green: more presses)", ["shop", "web"]],
    ]);
    expect(await store.allExperimentDetails(DEFAULT_ENVIRONMENT_ID)).toMatchObject([
      { contentVersion: 3, completedAt: clock.now(), outcome: { kind: "rollout_winner", comment: "more presses" } },
    ]);
  });
});
