import type { FoldSteps, MetricFolding } from "@lotty/persistence";
import { Registry } from "prom-client";
import { describe, expect, it, vi } from "vitest";
import { foldJob } from "./fold-job.ts";
import { exposeFolding } from "./fold-metrics.ts";

/** Folding with so much to do. Every step takes its limit or what is left. */
function foldingOf(work: { queued: number; subjects: number; days: number }): {
  readonly folding: MetricFolding;
  readonly done: string[];
} {
  const done: string[] = [];
  const take = (name: "queued" | "subjects" | "days", limit: number): number => {
    const taken = Math.min(limit, work[name]);
    work[name] -= taken;
    done.push(`${name} ${taken}`);
    return taken;
  };
  const steps: FoldSteps = {
    refreshStatistics: async () => void done.push("statistics"),
    noteMetrics: async () => void done.push("note"),
    queueEarlier: async (limit) => {
      const any = work.queued > 0;
      work.subjects += take("queued", limit);
      return any;
    },
    foldSubjects: async (limit) => take("subjects", limit),
    rollUp: async (limit) => take("days", limit),
    advanceWatermark: async () => void done.push("advance"),
  };
  const folding: MetricFolding = {
    run: (use) => use(steps),
    watermark: async () => null,
    backlog: async () => ({ lagSeconds: 7, subjects: work.subjects, days: work.days }),
  };
  return { folding, done };
}

const BATCHES = { subjects: 10, queued: 5, days: 2 };

describe("the job that folds", () => {
  it("folds all there is, then says up to when, then sums up", async () => {
    const { folding, done } = foldingOf({ queued: 3, subjects: 12, days: 3 });
    expect(await foldJob(folding, BATCHES).run(new AbortController().signal)).toBe("done");
    expect(done).toStrictEqual([
      "statistics",
      "note",
      "queued 3",
      "subjects 10",
      "queued 0",
      "subjects 5",
      "advance",
      "days 2",
      "days 1",
    ]);
  });

  it("takes nothing more when it is told to end, and says that more is left", async () => {
    const { folding, done } = foldingOf({ queued: 0, subjects: 12, days: 3 });
    expect(await foldJob(folding, BATCHES).run(AbortSignal.abort())).toBe("more");
    expect(done).toStrictEqual(["statistics", "note", "advance"]);
  });

  it("shows what waits, and no old figure when the database is away", async () => {
    const registry = new Registry();
    const backlog = vi.fn<MetricFolding["backlog"]>(foldingOf({ queued: 0, subjects: 4, days: 2 }).folding.backlog);
    exposeFolding(registry, backlog);
    const shown = await registry.metrics();
    expect(shown).toContain("lotty_fold_lag_seconds 7");
    expect(shown).toContain('lotty_fold_waiting{what="subjects"} 4');
    backlog.mockRejectedValue(new Error("away"));
    expect(await registry.metrics()).toContain("lotty_fold_lag_seconds Nan");
  });
});
