import type { DurabilityWord } from "./answer.ts";

/** One request as its caller saw it. Times are in milliseconds of the steady clock. */
export interface RequestEvent {
  readonly startedAt: number;
  readonly endedAt: number;
  /** `ok`, or why there was no decision. */
  readonly kind: string;
  readonly words: readonly DurabilityWord[];
}

/** Part of all events, from a moment (included) to another (not included). */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Whether a request was answered with decisions. */
export function isOk(event: RequestEvent): boolean {
  return event.kind === "ok";
}

/** The events that began within a span. */
export function within(events: readonly RequestEvent[], { from, to }: Span): readonly RequestEvent[] {
  return events.filter(({ startedAt }) => startedAt >= from && startedAt < to);
}

/** A quantile of how long requests took, in milliseconds; `NaN` when there were none. */
export function quantileMillis(events: readonly RequestEvent[], quantile: number): number {
  const sorted = events.map(({ startedAt, endedAt }) => endedAt - startedAt).toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)] ?? Number.NaN;
}

/** How often each kind of failure came, the most frequent first. */
export function failuresByKind(events: readonly RequestEvent[]): Readonly<Record<string, number>> {
  const counts = Map.groupBy(
    events.filter((event) => !isOk(event)),
    ({ kind }) => kind,
  );
  const sorted = [...counts].map(([kind, found]) => [kind, found.length] as const).toSorted((a, b) => b[1] - a[1]);
  return Object.fromEntries(sorted);
}
