import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LottyError } from "@lotty/domain";
import { sampleDecision } from "@lotty/testkit/suites/decision-stream-fixture";
import { writeBatch, type DecisionEntry } from "./write-batch.ts";

/** What became of a batch in which the decisions of some indexes are bad. */
interface Report {
  readonly events: string[];
  readonly written: number[];
  readonly refused: number[];
  readonly writes: number;
}

async function run(size: number, bad: ReadonlySet<number>): Promise<Report> {
  const report = { events: [] as string[], written: [] as number[], refused: [] as number[], writes: 0 };
  const entries = Array.from({ length: size }, (_, index): DecisionEntry => {
    return { id: String(index), decision: sampleDecision(index), deliveries: 1 };
  });
  await writeBatch(entries, {
    write: async (decisions) => {
      report.writes += 1;
      if (decisions.some(({ subjectId }) => bad.has(Number(subjectId.replace("subject-", ""))))) {
        throw new LottyError("decision_rejected", "bad");
      }
    },
    written: async (settled) => {
      report.events.push(...settled.map(({ id }) => `written ${id}`));
      report.written.push(...settled.map(({ id }) => Number(id)));
    },
    refused: async ({ id }, error) => {
      expect(error).toMatchObject({ code: "decision_rejected" });
      report.events.push(`refused ${id}`);
      report.refused.push(Number(id));
    },
  });
  return report;
}

describe("writeBatch", () => {
  it("writes a good batch in one go and an empty one not at all", async () => {
    expect(await run(1_000, new Set())).toMatchObject({ writes: 1, refused: [] });
    expect(await run(0, new Set())).toMatchObject({ writes: 0, written: [] });
  });

  it("refuses the bad decisions and writes all others, in order, for any batch", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 60 }), async (badness) => {
        const indexes = [...badness.keys()];
        const { written, refused } = await run(badness.length, new Set(indexes.filter((index) => badness[index])));
        expect(refused).toStrictEqual(indexes.filter((index) => badness[index]));
        expect(written).toStrictEqual(indexes.filter((index) => !badness[index]));
      }),
    );
  });

  it("finds one bad decision among a thousand in 21 writes", async () => {
    const { writes } = await run(1_000, new Set([500]));
    expect(writes).toBeLessThanOrEqual(21);
  });

  it("settles the neighbours before it goes on", async () => {
    const { events } = await run(4, new Set([3]));
    expect(events).toStrictEqual(["written 0", "written 1", "written 2", "refused 3"]);
  });

  it("passes any other failure on and reports nothing that is unsettled", async () => {
    const away = new LottyError("decision_store_unavailable", "away");
    const settled: string[] = [];
    const entries = [0, 1].map((index): DecisionEntry => ({
      id: String(index),
      decision: sampleDecision(index),
      deliveries: 1,
    }));
    const writing = writeBatch(entries, {
      write: async (decisions) => {
        if (decisions.length === 2) throw new LottyError("decision_rejected", "bad");
        if (decisions[0]?.subjectId === "subject-1") throw away;
      },
      written: async (some) => void settled.push(...some.map(({ id }) => id)),
      refused: async () => {},
    });
    await expect(writing).rejects.toBe(away);
    expect(settled).toStrictEqual(["0"]);
  });
});
