import type { Fault } from "../fault.ts";
import { total } from "../verdict/count-decisions.ts";
import { atMost, exactly } from "../verdict/figure.ts";

/** Nothing breaks: what the decisions of all callers come to. */
export const none: Fault = {
  row: 0,
  name: "none",
  title: "Nothing breaks: API, worker, Postgres and Redis in async mode",
  quick: true,
  load: { counted: true, perSecond: null },
  async inject({ load }) {
    await load.done;
  },
  figures: ({ counts, errorsPercent, quick }) => [
    // A request that was given up on a slow machine may have left rows.
    exactly(
      "rows in the table, as many as decisions answered",
      quick ? counts.rows - counts.unanswered : counts.rows,
      total(counts.acknowledged),
    ),
    atMost("errors %", errorsPercent, quick ? 5 : 0),
  ],
};
