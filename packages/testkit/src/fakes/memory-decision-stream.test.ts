import { describe, expect, it } from "vitest";
import { describeDeadLetters } from "../suites/dead-letters.ts";
import { describeDecisionStream } from "../suites/decision-stream.ts";
import { sampleDecision, type OpenedDecisionStream } from "../suites/decision-stream-fixture.ts";
import { ManualClock } from "./manual-clock.ts";
import { MemoryDecisionStream } from "./memory-decision-stream.ts";

async function open(): Promise<OpenedDecisionStream> {
  const clock = new ManualClock(0);
  const stream = new MemoryDecisionStream({ clock });
  return {
    queue: stream,
    deadLetters: stream.deadLetters,
    join: () => stream.member(),
    appendMalformed: async (payload) => stream.appendMalformed(payload),
    elapse: async (millis) => clock.advance(millis * 1_000),
    close: async () => {},
  };
}

describeDecisionStream("in memory", open);
describeDeadLetters("in memory", open);

describe("a decision stream in memory", () => {
  it("is a member of its own group", async () => {
    const stream = new MemoryDecisionStream({ clock: new ManualClock(0) });
    await stream.enqueue([sampleDecision(0)]);
    const [entry] = await stream.read(10, 0);
    expect(entry?.item).toStrictEqual(sampleDecision(0));
    await stream.acknowledge([entry?.id ?? ""]);
    expect(await stream.backlog()).toStrictEqual({ unread: 0, pending: 0 });
  });

  it("refuses what goes beyond its length, counting what is taken and not done", async () => {
    const stream = new MemoryDecisionStream({ clock: new ManualClock(0), maxLength: 3 });
    await stream.enqueue([sampleDecision(0), sampleDecision(1)]);
    const entries = await stream.read(1, 0);
    const two = [sampleDecision(2), sampleDecision(3)];
    await expect(stream.enqueue(two)).rejects.toMatchObject({ code: "decision_stream_unavailable" });
    expect(await stream.backlog()).toStrictEqual({ unread: 1, pending: 1 });
    await stream.acknowledge(entries.map(({ id }) => id));
    await stream.enqueue(two);
    expect(await stream.backlog()).toStrictEqual({ unread: 3, pending: 0 });
  });
});
