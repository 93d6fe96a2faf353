import { DEFAULT_ENVIRONMENT_ID, type Experiment } from "@lotty/domain";
import { memoryControlPorts, type MemoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { beforeEach, describe, expect, it } from "vitest";
import {
  ANN,
  by,
  controlFixture,
  done,
  EVE,
  launched,
  refusalCodes,
  type ControlFixture,
} from "../testing/control-fixture.ts";

let fixture: ControlFixture<MemoryControlPorts>;
let experimentId: string;

beforeEach(async () => {
  fixture = controlFixture(memoryControlPorts());
  experimentId = (await launched(fixture)).experiment.id;
});

async function stored(): Promise<Experiment | undefined> {
  const { experiments } = await fixture.ports.store.load(DEFAULT_ENVIRONMENT_ID);
  return experiments.find(({ id }) => id === experimentId);
}

describe("a rollback", () => {
  it("pauses the experiment with a mark, and is on record with its reason", async () => {
    done(await fixture.experiments.rollback({ ...by(ANN), experimentId, reason: "checkout fails" }));
    expect(await stored()).toMatchObject({ status: "paused", rolledBack: true });
    expect(fixture.ports.store.entries.at(-1)).toMatchObject({
      action: "experiment.rollback",
      after: { reason: "checkout fails", rolledBack: true },
    });
    expect(fixture.ports.store.notifications.announced(DEFAULT_ENVIRONMENT_ID).at(-1)).toMatchObject({
      kind: "experiment.rolled_back",
      facts: { comment: "checkout fails" },
    });
  });

  it("is undone by resuming, which leaves no mark", async () => {
    done(await fixture.experiments.rollback({ ...by(EVE), experimentId, reason: "harm" }));
    done(await fixture.experiments.resume({ ...by(EVE), experimentId }));
    const resumed = await stored();
    expect(resumed?.status).toBe("running");
    expect(resumed).not.toHaveProperty("rolledBack");
  });

  it("can follow a pause, but not another rollback", async () => {
    done(await fixture.experiments.pause({ ...by(EVE), experimentId }));
    done(await fixture.experiments.rollback({ ...by(EVE), experimentId, reason: "harm" }));
    const again = await fixture.experiments.rollback({ ...by(EVE), experimentId, reason: "harm" });
    expect(refusalCodes(again)).toStrictEqual(["nothing_changed"]);
  });

  it("takes a reason", async () => {
    const result = await fixture.experiments.rollback({ ...by(EVE), experimentId, reason: " " });
    expect(refusalCodes(result)).toStrictEqual(["invalid_field"]);
    expect((await stored())?.status).toBe("running");
  });

  it("takes a control that subjects could get", async () => {
    const experiment = await stored();
    if (experiment === undefined) throw new Error("There is no experiment");
    const variants = experiment.variants.map((variant) => ({ ...variant, isControl: false }));
    const { store } = fixture.ports;
    const { revision } = await store.load(DEFAULT_ENVIRONMENT_ID);
    await store.commit(
      DEFAULT_ENVIRONMENT_ID,
      {
        configuration: { putExperiments: [{ ...experiment, variants }] },
        audit: (head) => [{ ...store.entries[0]!, ...head }],
      },
      revision,
    );
    const result = await fixture.experiments.rollback({ ...by(EVE), experimentId, reason: "harm" });
    expect(result).toMatchObject({ status: "refused", refusals: [{ code: "invalid_field", field: "variants" }] });
  });
});
