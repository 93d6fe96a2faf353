import { MICROS_PER_DAY } from "@lotty/domain";
import type { Runtime } from "../composition/runtime.ts";
import type { Job } from "./job.ts";

/** What the job needs of a runtime. */
export interface DecisionRetentionParts extends Pick<Runtime, "clock" | "config" | "logger"> {
  readonly storage: Pick<Runtime["storage"], "kind" | "decisionRetention">;
}

/** Sets of attributes of one statement. */
const SETS = 10_000;

/** The embedded database works on the thread of the event loop. */
const EMBEDDED_SETS = 500;

/** Takes days of the decision log away that are too old, where a limit is set, and attributes that no decision names any more. */
export function decisionRetentionJob({ clock, config, logger, storage }: DecisionRetentionParts): Job {
  const { retentionDays } = config.decisions;
  const limit = storage.kind === "pglite" ? EMBEDDED_SETS : SETS;
  return {
    name: "decision_retention",
    everySeconds: 3_600,
    exclusive: true,
    run: async () => {
      if (retentionDays !== null) {
        const before = clock.now() - retentionDays * MICROS_PER_DAY;
        const { days, strays } = await storage.decisionRetention.removeBefore(before);
        if (days.length > 0 || strays > 0) logger.info("decisions_removed", { days, strays });
      }
      const removed = await storage.decisionRetention.removeUnnamedAttributes(limit);
      return removed === limit ? "more" : "done";
    },
  };
}
