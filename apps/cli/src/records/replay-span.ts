import type { DecisionRecords, Replay, ReplayGap } from "@lotty/decisions";
import type { DecisionRecord, Instant } from "@lotty/domain";

/** A decision that did not come out as it is recorded. */
export interface FoundDifference {
  readonly decision: DecisionRecord;
  readonly replay: Extract<Replay, { readonly status: "differs" }>;
}

/** What came of replaying many decisions. */
export interface ReplayCounts {
  /** Decisions that could be compared as a whole. */
  readonly replayed: number;
  readonly differ: number;
  /** Decisions that could not, by what was missing. */
  readonly notCheckable: Readonly<Record<ReplayGap, number>>;
}

/** How decisions of a span are replayed. */
export interface ReplaySpan {
  readonly environmentId: string;
  readonly from: Instant;
  readonly to: Instant;
  /** Ends the work early. */
  readonly stop: AbortSignal;
  readonly onDifference: (found: FoundDifference) => Promise<void>;
}

const PAGE = 500;

/** As many as a database answers at once without decisions having to wait. */
const TOGETHER = 8;

/**
 * Replays all decisions of a span, newest first, in memory that does not grow with their number.
 *
 * @throws LottyError `database_unavailable`
 */
export async function replaySpan(
  records: DecisionRecords,
  { environmentId, from, to, stop, onDifference }: ReplaySpan,
): Promise<ReplayCounts> {
  const notCheckable = { subject: 0, attributes: 0, configuration: 0 };
  let [replayed, differ] = [0, 0];
  let before: string | null | undefined;
  while (before !== null && !stop.aborted) {
    const question = { environmentId, from, to, limit: PAGE };
    const page = await records.list({ ...question, ...(before !== undefined && { before }) });
    for (let start = 0; start < page.decisions.length && !stop.aborted; start += TOGETHER) {
      const some = page.decisions.slice(start, start + TOGETHER);
      const replays = await Promise.all(
        some.map(async (decision) => ({ decision, replay: await records.replay(decision, null) })),
      );
      for (const { decision, replay } of replays) {
        if (replay.status === "not_checkable") {
          notCheckable[replay.missing] += 1;
          continue;
        }
        replayed += 1;
        if (replay.status === "identical") continue;
        differ += 1;
        await onDifference({ decision, replay });
      }
    }
    before = page.next;
  }
  stop.throwIfAborted();
  return { replayed, differ, notCheckable };
}
