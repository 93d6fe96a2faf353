import { MICROS_PER_DAY, type RecordedSubject } from "@lotty/domain";
import { memoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { describe, expect, it } from "vitest";
import { by, controlFixture, drafted, EVE } from "../testing/control-fixture.ts";
import { expectedTraffic } from "./expected-traffic.ts";

describe("expected traffic", () => {
  it("is the subjects a day that the rule and the share of the traffic let in", async () => {
    const fixture = controlFixture(memoryControlPorts());
    const { experiment } = await drafted(fixture, { targetingRules: 'country == "DE"', trafficAllocation: 5_000 });
    const { environmentId } = by(EVE);
    const now = fixture.ports.clock.now();
    const recorded: readonly RecordedSubject[] = Array.from({ length: 4_000 }, (_, index) => ({
      subject: { id: `s${index}`, attributes: { country: index % 2 === 0 ? "DE" : "AT" } },
      history: [],
      lastDecidedAt: now,
    }));
    const subjects = {
      async *of() {
        yield* recorded;
      },
    };
    const { store } = fixture.ports;
    const question = { environmentId, experimentId: experiment.id, from: now - 10 * MICROS_PER_DAY, to: now };
    // 2,000 of them match, half of these are let in, over ten days.
    const traffic = await expectedTraffic({ store, subjects }, question);
    expect(traffic).toBeGreaterThan(90);
    expect(traffic).toBeLessThan(110);
    expect(await expectedTraffic({ store, subjects }, { ...question, experimentId: environmentId })).toBeUndefined();
  });
});
