import { DEFAULT_ENVIRONMENT_ID, type Announcement } from "@lotty/domain";
import { memoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { beforeEach, describe, expect, it } from "vitest";
import {
  ANN,
  by,
  controlFixture,
  done,
  drafted,
  EVE,
  launched,
  type ControlFixture,
} from "../testing/control-fixture.ts";

describe("what people are told of an experiment's life", () => {
  let fixture: ControlFixture<ReturnType<typeof memoryControlPorts>>;
  beforeEach(() => {
    fixture = controlFixture(memoryControlPorts());
  });

  const announced = (): readonly Announcement[] => fixture.ports.store.notifications.announced(DEFAULT_ENVIRONMENT_ID);
  const kinds = (): readonly string[] => announced().map(({ kind }) => kind);

  it("is every step, in the commit that makes it, and nothing of drafts", async () => {
    const { experiment, flag } = await launched(fixture);
    const experimentId = experiment.id;
    expect(kinds()).toStrictEqual(["experiment.submitted", "experiment.approved", "experiment.started"]);
    expect(announced()[2]).toMatchObject({
      at: fixture.ports.clock.now(),
      experiment: { id: experimentId, key: experiment.key },
      actorName: "eve",
      summary: "green-button was started.",
      facts: { status: "running", version: experiment.version },
    });
    const expectedVersion = experiment.version;
    const edit = { trafficAllocation: 5_000 };
    const proposed = done(await fixture.experiments.edit({ ...by(EVE), experimentId, expectedVersion, edit }));
    const said = { expectedVersion: proposed.experiment.version, comment: "too small" };
    done(await fixture.experiments.requestChanges({ ...by(ANN), experimentId, ...said }));
    done(await fixture.experiments.pause({ ...by(EVE), experimentId }));
    done(await fixture.experiments.resume({ ...by(EVE), experimentId }));
    const outcome = { kind: "rollout_winner", variant: "green", comment: "more presses" } as const;
    done(await fixture.experiments.complete({ ...by(EVE), experimentId, outcome }));
    done(await fixture.experiments.archive({ ...by(EVE), experimentId }));
    expect(kinds().slice(3)).toStrictEqual([
      "experiment.edit_proposed",
      "experiment.changes_requested",
      "experiment.paused",
      "experiment.resumed",
      "experiment.completed",
      "experiment.archived",
    ]);
    expect(announced()[4]).toMatchObject({ actorName: "ann", facts: { comment: "too small" } });
    expect(announced()[7]).toMatchObject({
      summary: "green-button was completed (rollout_winner, green: more presses)",
      facts: { outcome: { kind: "rollout_winner", variant: "green", comment: "more presses" } },
    });
    const question = { environmentId: DEFAULT_ENVIRONMENT_ID, limit: 9, offset: 0 };
    expect(await fixture.ports.store.learnings.search(question)).toMatchObject([
      {
        experimentId,
        experimentKey: "green-button",
        flagKey: flag.key,
        hypothesis: "Green is pressed more often",
        outcome: "rollout_winner",
        winner: "green",
        comment: "more presses",
        effects: [],
        version: 1,
      },
    ]);
  });

  it("names the tags of the flag", async () => {
    const { experiment, flag } = await drafted(fixture);
    const tags = ["checkout", "web"];
    const expectedVersion = flag.version;
    done(await fixture.flags.edit({ ...by(EVE), flagId: flag.id, expectedVersion, edit: { tags } }));
    done(await fixture.experiments.submit({ ...by(EVE), experimentId: experiment.id }));
    expect(announced()).toMatchObject([{ kind: "experiment.submitted", tags }]);
  });

  it("is nothing of a command that is refused", async () => {
    const { experiment } = await drafted(fixture);
    const answer = await fixture.experiments.start({ ...by(EVE), experimentId: experiment.id });
    expect(answer.status).toBe("refused");
    expect(announced()).toStrictEqual([]);
  });
});
