import { setTimeout as sleep } from "node:timers/promises";
import { Connection } from "./connection.ts";

/** Where to send what. */
export interface LoadOptions {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** The bytes of the n-th request, counted from 0. */
  readonly request: (n: number) => string;
}

/** What came of it. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  /** Milliseconds to the complete answer, one for each request. */
  readonly latencies: Float64Array;
}

/**
 * Closed loop: each connection sends its next request as soon as the last is answered. Finds the highest rate.
 *
 * @throws Error on any answer but 200, and on a connection that breaks
 */
export async function loadFully({ port, connections, request, seconds }: LoadOptions): Promise<LoadResult> {
  const open = await Connection.open(port, connections);
  const latencies: number[] = [];
  const started = performance.now();
  const endAt = started + seconds * 1_000;
  let next = 0;
  await Promise.all(
    open.map(async (connection) => {
      while (performance.now() < endAt) {
        const sentAt = performance.now();
        await connection.send(request(next++));
        latencies.push(performance.now() - sentAt);
      }
    }),
  );
  const took = (performance.now() - started) / 1_000;
  for (const connection of open) connection.close();
  return { requestsPerSecond: latencies.length / took, latencies: Float64Array.from(latencies) };
}

/** Requests fall due this often, in milliseconds: as fine as timers are. */
const TICK_MILLIS = 1;

/**
 * Open loop: requests fall due at a steady rate whether or not earlier ones have been answered, as from many independent
 * callers. A request's time starts when it falls due, so that waiting for a free connection counts.
 *
 * @throws Error as {@link loadFully}
 */
export async function loadSteadily(options: LoadOptions & { readonly ratePerSecond: number }): Promise<LoadResult> {
  const open = await Connection.open(options.port, options.connections);
  const idle = [...open];
  const due: number[] = [];
  const latencies: number[] = [];
  const failures: unknown[] = [];
  let sent = 0;
  const dispatch = (): void => {
    while (sent < due.length && idle.length > 0) {
      const connection = idle.pop();
      const dueAt = due[sent];
      if (connection === undefined || dueAt === undefined) return;
      connection.send(options.request(sent++)).then(
        () => {
          latencies.push(performance.now() - dueAt);
          idle.push(connection);
          dispatch();
        },
        (error: unknown) => failures.push(error),
      );
    }
  };
  const started = performance.now();
  const total = Math.floor(options.ratePerSecond * options.seconds);
  while (latencies.length < total && failures.length === 0) {
    const now = performance.now();
    const dueByNow = Math.min(total, Math.floor(((now - started) / 1_000) * options.ratePerSecond));
    while (due.length < dueByNow) due.push(now);
    dispatch();
    await sleep(TICK_MILLIS);
  }
  const took = (performance.now() - started) / 1_000;
  for (const connection of open) connection.close();
  if (failures.length > 0) throw new Error("A request failed.", { cause: failures[0] });
  return { requestsPerSecond: latencies.length / took, latencies: Float64Array.from(latencies) };
}
