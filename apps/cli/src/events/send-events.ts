import { setTimeout as pause } from "node:timers/promises";
import type { EventsTakenResponse } from "@lotty/contracts";
import { isLottyError } from "@lotty/domain";
import type { EventLine } from "./event-batches.ts";
import type { EventSource } from "./event-source.ts";

/** What became of the lines of a file. */
export interface SendCounts {
  accepted: number;
  duplicates: number;
  rejected: number;
  /** Lines that are no events. */
  unreadable: number;
  /** Events that say something else than what was kept under their ids. */
  conflicts: number;
}

/** A line that was not taken, and why. */
export interface RefusedLine {
  readonly number: number;
  readonly code: string;
  readonly reason: string;
}

/** How batches are sent. */
export interface SendOptions {
  readonly source: Pick<EventSource, "send">;
  readonly signal: AbortSignal;
  /** Told of every line that was not taken. */
  readonly onRefused: (line: RefusedLine) => Promise<void>;
  /** Told after each batch: every line up to this one is settled. */
  readonly onSettled: (lastLine: number, counts: SendCounts) => Promise<void>;
  /** Pause before the first repetition; it doubles with each. */
  readonly pauseMillis: number;
}

/** How often a batch is sent while nobody can take it. */
const MAX_ATTEMPTS = 6;

/**
 * Sends batches one after the other. One that nobody could take is sent again, and again: events are kept once by their ids.
 *
 * @throws LottyError what sending threw the last time; all lines that were told of as settled are
 */
export async function sendEvents(
  batches: AsyncIterable<readonly EventLine[]>,
  options: SendOptions,
): Promise<SendCounts> {
  const counts: SendCounts = { accepted: 0, duplicates: 0, rejected: 0, unreadable: 0, conflicts: 0 };
  for await (const batch of batches) {
    options.signal.throwIfAborted();
    const events: { readonly number: number; readonly event: unknown }[] = [];
    for (const { content, number } of batch) {
      if ("event" in content) events.push({ number, event: content.event });
      else {
        counts.unreadable += 1;
        await options.onRefused({ number, code: "unreadable", reason: content.fault });
      }
    }
    if (events.length > 0) await settle(events, await patiently(events, options), { counts, options });
    await options.onSettled(batch.at(-1)?.number ?? 0, counts);
  }
  return counts;
}

async function settle(
  events: readonly { readonly number: number }[],
  { accepted, duplicates, rejected, results }: EventsTakenResponse,
  { counts, options }: { readonly counts: SendCounts; readonly options: SendOptions },
): Promise<void> {
  counts.accepted += accepted;
  counts.duplicates += duplicates;
  counts.rejected += rejected;
  for (const [index, { code = "", conflict, reason = "", status }] of results.entries()) {
    const number = events[index]?.number ?? 0;
    if (conflict === true) counts.conflicts += 1;
    if (status === "rejected") await options.onRefused({ number, code, reason });
  }
}

async function patiently(
  events: readonly { readonly event: unknown }[],
  { pauseMillis, signal, source }: SendOptions,
): Promise<EventsTakenResponse> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await source.send(events.map(({ event }) => event));
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isLottyError(error) || !error.retryable) throw error;
      await pause(pauseMillis * 2 ** (attempt - 1), undefined, { signal });
    }
  }
}
