import { openParquetMoments } from "@lotty/runtime";
import type { ControlSource } from "../control/control-source.ts";
import { localControlSource } from "../control/local-control-source.ts";
import { withRuntime } from "../sources/with-runtime.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** Where measures lie, and the environment of their experiment. */
export interface ParquetPlace {
  readonly directory: string;
  readonly environment: string | undefined;
}

/**
 * Works with the database of the settings, but takes measures from Parquet files. How many were decided for, and why some do not count, is
 * asked of the database.
 */
export async function withParquet<T>(
  terminal: Terminal,
  { directory, environment }: ParquetPlace,
  work: (source: ControlSource) => Promise<T>,
): Promise<T> {
  const moments = await openParquetMoments(directory);
  try {
    return await withRuntime(
      terminal,
      (runtime, environmentId) =>
        work(localControlSource(runtime, environmentId, { ...runtime.measures.onReplica, moments })),
      environment,
    );
  } finally {
    await moments.close();
  }
}
