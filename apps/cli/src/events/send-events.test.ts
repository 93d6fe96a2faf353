import { LottyError } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import { eventBatches } from "./event-batches.ts";
import { sendEvents, type RefusedLine, type SendCounts } from "./send-events.ts";

async function* lines(
  ...texts: readonly (string | null)[]
): AsyncGenerator<readonly { readonly number: number; readonly text: string | null }[]> {
  yield texts.map((text, index) => ({ number: index + 1, text }));
}

async function batchesOf(source: ReturnType<typeof lines>, from = 1): Promise<readonly (readonly number[])[]> {
  const batches: number[][] = [];
  for await (const batch of eventBatches(source, from)) batches.push(batch.map(({ number }) => number));
  return batches;
}

describe("batches of a file", () => {
  it("have up to a thousand events, and no more bytes than a request may have", async () => {
    const small = await batchesOf(lines(...Array.from({ length: 2_001 }, () => "{}")));
    expect(small.map(({ length }) => length)).toEqual([1_000, 1_000, 1]);
    const large = JSON.stringify({ note: "x".repeat(400_000) });
    expect(await batchesOf(lines(large, large, large))).toEqual([[1, 2], [3]]);
  });

  it("pass over empty lines, and over those before the one to begin with", async () => {
    expect(await batchesOf(lines("{}", "", "  ", "{}", "{}"), 2)).toEqual([[4, 5]]);
  });
});

interface Sent {
  readonly batches: unknown[][];
  readonly refused: RefusedLine[];
  readonly settled: number[];
  readonly counts: SendCounts;
}

async function send(source: ReturnType<typeof lines>, failures: LottyError[] = []): Promise<Sent> {
  const batches: unknown[][] = [];
  const refused: RefusedLine[] = [];
  const settled: number[] = [];
  const counts = await sendEvents(eventBatches(source, 1), {
    source: {
      send: async (events) => {
        const failure = failures.shift();
        if (failure !== undefined) throw failure;
        batches.push([...events]);
        const results = events.map((event) =>
          event === 1
            ? { event_id: "a", status: "accepted" as const }
            : event === 2
              ? { event_id: "b", status: "duplicate" as const, conflict: true as const }
              : { event_id: null, status: "rejected" as const, code: "invalid_event" as const, reason: "It is none." },
        );
        const having = (status: string): number => results.filter((each) => each.status === status).length;
        return {
          durability: "committed",
          accepted: having("accepted"),
          duplicates: having("duplicate"),
          rejected: having("rejected"),
          results,
        };
      },
    },
    signal: new AbortController().signal,
    onRefused: async (line) => void refused.push(line),
    onSettled: async (line) => void settled.push(line),
    pauseMillis: 1,
  });
  return { batches, refused, settled, counts };
}

describe("sending a file", () => {
  it("counts what became of its lines, and tells which were not taken", async () => {
    const { batches, counts, refused, settled } = await send(lines("1", "nonsense", "2", "", "3", null));
    expect(batches).toEqual([[1, 2, 3]]);
    expect(counts).toEqual({ accepted: 1, duplicates: 1, rejected: 1, unreadable: 2, conflicts: 1 });
    expect(refused).toEqual([
      { number: 2, code: "unreadable", reason: "not JSON" },
      { number: 6, code: "unreadable", reason: "cannot be read" },
      { number: 5, code: "invalid_event", reason: "It is none." },
    ]);
    expect(settled).toEqual([6]);
  });

  it("sends a batch again that nobody could take", async () => {
    const away = (): LottyError => new LottyError("database_unavailable", "away");
    const { batches, counts } = await send(lines("1"), [away(), new LottyError("overloaded", "later"), away()]);
    expect(batches).toHaveLength(1);
    expect(counts.accepted).toBe(1);
  });

  it("gives up after a while, and at once what waiting does not mend", async () => {
    const away = Array.from({ length: 6 }, () => new LottyError("database_unavailable", "away"));
    await expect(send(lines("1"), away)).rejects.toMatchObject({ code: "database_unavailable" });
    await expect(send(lines("1"), [new LottyError("forbidden", "no")])).rejects.toMatchObject({ code: "forbidden" });
  });
});
