import type { ReplayResponse } from "@lotty/contracts";
import type { ReplayGap } from "@lotty/decisions";
import type { Instant } from "@lotty/domain";

/** A decision that did not come out as it is recorded. */
type FoundDifference = Extract<ReplayResponse, { readonly status: "differs" }>;

/** What came of replaying many decisions. */
export interface ReplayCounts {
  /** Decisions that could be compared as a whole. */
  readonly replayed: number;
  readonly differ: number;
  /** Decisions that could not, by what was missing. */
  readonly notCheckable: Readonly<Record<ReplayGap, number>>;
}

/** How decisions are replayed. */
export interface ReplayRun {
  readonly from: Instant;
  /** Ends the work early. */
  readonly stop: AbortSignal;
  readonly onDifference: (found: FoundDifference) => Promise<void>;
}

/** Where the decisions are, newest first, and how each is taken again. */
export interface ReplayedPages<T, Place> {
  /** `undefined` is the first page. */
  readonly page: (place: Place | undefined) => Promise<{ readonly items: readonly T[]; readonly next: Place | null }>;
  readonly replay: (item: T) => Promise<ReplayResponse>;
}

/** As many as a database answers at once without decisions having to wait. */
const TOGETHER = 8;

/**
 * Replays all decisions of some pages, in memory that does not grow with their number.
 *
 * @throws LottyError `database_unavailable`, or what the pages throw
 */
export async function replaySpan<T, Place>(
  { page, replay }: ReplayedPages<T, Place>,
  { onDifference, stop }: ReplayRun,
): Promise<ReplayCounts> {
  const notCheckable = { subject: 0, attributes: 0, configuration: 0 };
  let [replayed, differ] = [0, 0];
  let place: Place | null | undefined;
  while (place !== null && !stop.aborted) {
    const { items, next } = await page(place);
    for (let start = 0; start < items.length && !stop.aborted; start += TOGETHER) {
      for (const found of await Promise.all(items.slice(start, start + TOGETHER).map(replay))) {
        if (found.status === "not_checkable") {
          notCheckable[found.missing] += 1;
          continue;
        }
        replayed += 1;
        if (found.status === "identical") continue;
        differ += 1;
        await onDifference(found);
      }
    }
    place = next;
  }
  stop.throwIfAborted();
  return { replayed, differ, notCheckable };
}
