import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LottyError } from "@lotty/domain";
import { writeByHalves } from "./write-by-halves.ts";

/** What became of a batch of numbers of which some are bad. */
interface Report {
  readonly events: string[];
  readonly written: number[];
  readonly refused: number[];
  readonly writes: number;
}

async function run(size: number, bad: ReadonlySet<number>): Promise<Report> {
  const report = { events: [] as string[], written: [] as number[], refused: [] as number[], writes: 0 };
  await writeByHalves([...Array(size).keys()], {
    write: async (items) => {
      report.writes += 1;
      if (items.some((item) => bad.has(item))) throw new LottyError("decision_rejected", "bad");
    },
    written: async (items) => {
      report.events.push(...items.map((item) => `written ${item}`));
      report.written.push(...items);
    },
    refused: (item, error) => {
      expect(error).toMatchObject({ code: "decision_rejected" });
      report.events.push(`refused ${item}`);
      report.refused.push(item);
    },
  });
  return report;
}

describe("writing by halves", () => {
  it("writes a good batch in one go and an empty one not at all", async () => {
    expect(await run(1_000, new Set())).toMatchObject({ writes: 1, refused: [] });
    expect(await run(0, new Set())).toMatchObject({ writes: 0, written: [] });
  });

  it("refuses the bad items and writes all others, in order, for any batch", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 60 }), async (badness) => {
        const indexes = [...badness.keys()];
        const { written, refused } = await run(badness.length, new Set(indexes.filter((index) => badness[index])));
        expect(refused).toStrictEqual(indexes.filter((index) => badness[index]));
        expect(written).toStrictEqual(indexes.filter((index) => !badness[index]));
      }),
    );
  });

  it("finds one bad item among a thousand in 21 writes", async () => {
    const { writes } = await run(1_000, new Set([500]));
    expect(writes).toBeLessThanOrEqual(21);
  });

  it("settles the neighbours before it goes on", async () => {
    const { events } = await run(4, new Set([3]));
    expect(events).toStrictEqual(["written 0", "written 1", "written 2", "refused 3"]);
  });

  it("passes any other failure on and reports nothing that is unsettled", async () => {
    const away = new LottyError("decision_store_unavailable", "away");
    const settled: number[] = [];
    const writing = writeByHalves([0, 1], {
      write: async (items) => {
        if (items.length === 2) throw new LottyError("decision_rejected", "bad");
        if (items[0] === 1) throw away;
      },
      written: async (items) => void settled.push(...items),
      refused: () => {},
    });
    await expect(writing).rejects.toBe(away);
    expect(settled).toStrictEqual([0]);
  });
});
