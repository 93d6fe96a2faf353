import type * as duckdb from "@duckdb/node-api";
import { isLottyError, LottyError } from "@lotty/domain";

/** The module of DuckDB. */
export type DuckDb = typeof duckdb;

/** Extensions are those that DuckDB comes with: nothing is fetched from anywhere. */
const SEALED = { autoinstall_known_extensions: "false", autoload_known_extensions: "false" };

/**
 * Loads DuckDB when it is first needed: it takes 70 MB on the disk, is optional, and few processes ever ask for it.
 *
 * @throws LottyError `invalid_configuration` when it is not installed, or not for this machine
 */
export async function loadDuckDb(): Promise<DuckDb> {
  try {
    return await import("@duckdb/node-api");
  } catch (error) {
    const message = "DuckDB is not installed; add the npm package @duckdb/node-api, without omitting optional packages";
    throw new LottyError("invalid_configuration", message, { cause: error });
  }
}

/** Settings of a database whose scratch files lie in a directory. */
export function settingsOf(scratch: string): Record<string, string> {
  return { ...SEALED, temp_directory: scratch };
}

/** Runs work on files and throws only errors of the system. */
export async function onFiles<Result>(directory: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toFilesError(directory, error);
  }
}

/** What a failure on files means. */
export function toFilesError(directory: string, error: unknown): LottyError {
  if (isLottyError(error)) return error;
  return new LottyError("database_unavailable", `The files in ${directory} cannot be read or written`, {
    cause: error,
  });
}
