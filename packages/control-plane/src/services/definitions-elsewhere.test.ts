import { type Definitions, readDefinitions } from "@lotty/definitions";
import { type Actor, DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { memoryControlPorts, type MemoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { beforeEach, describe, expect, it } from "vitest";
import {
  BUTTON,
  by,
  controlFixture,
  type ControlFixture,
  done,
  EVE,
  ROOT,
  soundDraft,
} from "../testing/control-fixture.ts";
import { createDefinitionsControl, type DefinitionsControl } from "./definitions-control.ts";

const KEY: Actor = { id: "robot", name: "robot", roles: ["admin"], kind: "key", from: "127.0.0.1" };

let fixture: ControlFixture<MemoryControlPorts>;
let control: DefinitionsControl;
let stagingId: string;
let flagId: string;

beforeEach(async () => {
  fixture = controlFixture(memoryControlPorts());
  control = createDefinitionsControl({ ...fixture.ports, people: () => Promise.resolve([]) });
  stagingId = done(await fixture.environments.create({ actor: ROOT, key: "staging" })).id;
  flagId = done(await fixture.flags.create({ ...by(EVE), fields: BUTTON })).flag.id;
});

function read(text: string): Definitions {
  const reading = readDefinitions(text, { fileName: "lotty.yaml" });
  if (!reading.ok) throw new Error(reading.problems.map(({ message }) => message).join("\n"));
  return reading.definitions;
}

/** Applies a file of flags in production, unless said otherwise. */
function apply(
  text: string,
  given: { readonly environmentId?: string; readonly actor?: Actor; readonly prune?: boolean } = {},
): ReturnType<DefinitionsControl["apply"]> {
  return control.apply({ ...by(ROOT), prune: false, ...given, definitions: read(text) });
}

/** Gives the flag a state in staging. */
async function setUpInStaging(defaultValue: string): Promise<void> {
  const { version } = await flagIn(stagingId);
  const edit = { enabled: true, defaultValue };
  done(await fixture.flags.edit({ environmentId: stagingId, actor: EVE, flagId, expectedVersion: version, edit }));
}

async function flagIn(environmentId: string): Promise<{ readonly version: number; readonly valueType: string }> {
  const flag = (await fixture.ports.store.load(environmentId)).flags.find(({ id }) => id === flagId);
  if (flag === undefined) throw new Error("The flag is gone.");
  return flag;
}

describe("a file that changes what flags are everywhere", () => {
  const NUMBER = "flags: [{ key: button, type: number, default: 1 }]";
  const NARROW = "flags: [{ key: button, type: string, default: grey, schema: { enum: [grey, green] } }]";

  it.each([
    ["type", NUMBER],
    ["schema", NARROW],
  ])("is refused when values of another environment do not fit a new %s, in the plan already", async (_, file) => {
    await setUpInStaging("blue");
    const refusal = {
      status: "refused",
      refusals: [{ code: "invalid_field", field: "flags.button.environments.staging.defaultValue" }],
    };
    expect(await control.plan({ ...by(ROOT), prune: false, definitions: read(file) })).toMatchObject(refusal);
    expect(await apply(file)).toMatchObject(refusal);
    expect(await flagIn(DEFAULT_ENVIRONMENT_ID)).toMatchObject({ valueType: "string", version: 1 });
  });

  it("counts what experiments of another environment give", async () => {
    const staging = { environmentId: stagingId, actor: EVE };
    done(await fixture.experiments.create({ ...staging, fields: soundDraft(flagId) }));
    expect(await apply(NUMBER)).toMatchObject({
      refusals: [
        { field: "flags.button.environments.staging.experiments.green-button.control" },
        { field: "flags.button.environments.staging.experiments.green-button.green" },
      ],
    });
  });

  it("counts what experiments give that it does not state, and that stay", async () => {
    done(await fixture.experiments.create({ ...by(EVE), fields: soundDraft(flagId) }));
    const file = "flags: [{ key: button, type: string, default: grey, schema: { enum: [grey] } }]";
    expect(await apply(file)).toMatchObject({
      status: "refused",
      refusals: [{ code: "invalid_field", field: "flags.button.experiments.green-button.green" }],
    });
    done(await apply(file, { prune: true }));
  });

  it("is applied when all values fit, and takes its default value to where nobody has set the flag up", async () => {
    done(await apply(NUMBER));
    expect(await flagIn(stagingId)).toMatchObject({ valueType: "number", defaultValue: 1, enabled: false, version: 2 });
  });

  it("is worked out anew when another environment changes meanwhile", async () => {
    const { store } = fixture.ports;
    const commit = store.commit.bind(store);
    let meanwhile: (() => Promise<void>) | undefined = () => setUpInStaging("blue");
    store.commit = async (...args) => {
      const first = meanwhile;
      meanwhile = undefined;
      await first?.();
      return commit(...args);
    };
    expect(await apply(NARROW)).toMatchObject({ status: "refused", refusals: [{ code: "invalid_field" }] });
  });

  it("does not archive or remove a flag under experiments of another environment", async () => {
    const staging = { environmentId: stagingId, actor: ROOT };
    const running = `
flags: [{ key: button, type: string, default: grey }]
experiments:
  - key: try
    flag: button
    status: running
    variants:
      - { name: control, value: grey, weight: 50, control: true }
      - { name: green, value: green, weight: 50 }`;
    done(await apply(running, staging));
    const archived = "flags: [{ key: button, type: string, default: grey, archived: true }]";
    const inUse = { status: "refused", refusals: [{ code: "in_use", by: ["try (staging)"] }] };
    expect(await apply(archived)).toMatchObject(inUse);
    expect(await apply("flags: []", { prune: true })).toMatchObject(inUse);
  });

  it("removes a flag that is switched on in another environment only once it is archived", async () => {
    await setUpInStaging("blue");
    expect(await apply("flags: []", { prune: true })).toMatchObject({
      refusals: [{ code: "in_use", by: ["staging"] }],
    });
    done(await fixture.flags.archive({ ...by(EVE), flagId }));
    done(await apply("flags: []", { prune: true }));
    expect((await fixture.ports.store.load(stagingId)).flags).toStrictEqual([]);
  });
});

describe("a file that a key of another environment applies", () => {
  const SAME = "key: button, type: string, default: grey";

  it.each([
    ["type", "flags: [{ key: button, type: number, default: 1 }]"],
    ["description", `flags: [{ ${SAME}, description: what it is for }]`],
    ["owner", `flags: [{ ${SAME}, owner: team web }]`],
    ["tags", `flags: [{ ${SAME}, tags: [shop] }]`],
    ["schema", `flags: [{ ${SAME}, schema: { type: string } }]`],
    ["archive", `flags: [{ ${SAME}, archived: true }]`],
  ])("cannot change the %s of flags that are there", async (_, file) => {
    const forbidden = { status: "refused", refusals: [{ code: "forbidden", permission: "definitions.apply" }] };
    const there = { environmentId: stagingId, actor: KEY, prune: false };
    expect(await control.plan({ ...there, definitions: read(file) })).toMatchObject(forbidden);
    expect(await apply(file, there)).toMatchObject(forbidden);
    done(await apply(file, { actor: KEY }));
  });

  it("cannot remove flags", async () => {
    expect(await apply("flags: []", { environmentId: stagingId, actor: KEY, prune: true })).toMatchObject({
      refusals: [{ code: "forbidden" }],
    });
  });

  it("makes flags with all that is said about them, and changes the state of others", async () => {
    const file = `
flags:
  - { key: button, type: string, default: blue }
  - { key: menu, type: string, default: flat, owner: team web, schema: { type: string } }`;
    done(await apply(file, { environmentId: stagingId, actor: KEY }));
    expect((await fixture.ports.store.load(stagingId)).flags).toMatchObject([
      { key: "button", defaultValue: "blue", enabled: true },
      { key: "menu", defaultValue: "flat" },
    ]);
    expect((await fixture.ports.store.load(DEFAULT_ENVIRONMENT_ID)).flags).toMatchObject([
      { key: "button", defaultValue: "grey", version: 1 },
      { key: "menu", enabled: false },
    ]);
    expect(await fixture.ports.store.allFlagDetails()).toMatchObject([{}, { owner: "team web" }]);
  });
});
