import { databaseFault } from "../database-error.ts";
import type { Settled } from "./settled.ts";

/** How calls are run together, and what the error of one is to become. */
export interface BatchRun<Call, Value> {
  /** Runs calls in one statement; gives a value for each, in the given order. */
  readonly run: (calls: readonly Call[]) => Promise<readonly Value[]>;
  readonly toError: (error: unknown) => Error;
}

/**
 * Runs calls in one statement. When the data of some call makes it fail, the batch is halved until the culprit stands
 * alone, so that a bad call harms no neighbour: k bad ones among n cost about 2k log n statements.
 */
export async function settleByHalves<Call, Value>(
  calls: readonly Call[],
  batch: BatchRun<Call, Value>,
): Promise<readonly Settled<Value>[]> {
  try {
    const values = await batch.run(calls);
    return values.map((value) => ({ ok: true, value }));
  } catch (error) {
    if (databaseFault(error) === "data" && calls.length > 1) {
      const middle = Math.ceil(calls.length / 2);
      const first = await settleByHalves(calls.slice(0, middle), batch);
      return [...first, ...(await settleByHalves(calls.slice(middle), batch))];
    }
    return calls.map(() => ({ ok: false, error: batch.toError(error) }));
  }
}
