import { type ErrorCode, isLottyError, LottyError } from "@lotty/domain";
import type { openReportSource } from "@lotty/runtime";
import { settingsOf } from "../settings.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** What reports are read from. */
export type OpenedReportSource = Awaited<ReturnType<typeof openReportSource>>;

/**
 * Works with the database, or the replica, that the settings name for reports, and lets go of it in the end.
 *
 * @throws LottyError of the work; when a replica is the reason, the message names its setting
 */
export async function withReportSource<T>(
  terminal: Terminal,
  work: (source: OpenedReportSource) => Promise<T>,
): Promise<T> {
  const { database, ...config } = settingsOf(terminal);
  // Loaded here, so that commands that need no database do not wait half a second for it.
  const [runtime, { commandLogger }] = await Promise.all([
    import("@lotty/runtime"),
    import("../terminal/command-logger.ts"),
  ]);
  const source = await runtime.openReportSource(database, commandLogger({ database, ...config }, terminal));
  try {
    return await work(source);
  } catch (error) {
    throw explained(error, database.kind === "postgres" && database.replicaUrl !== null ? source.location : undefined);
  } finally {
    await source.close();
  }
}

const REPLICA_ADVICE: Readonly<Partial<Record<ErrorCode, string>>> = {
  database_unavailable: "Look at whether the replica runs, or read the database itself by leaving the setting out.",
  schema_mismatch: "A replica gets its tables from its primary: run `lotty migrate` there, and wait for the replica.",
};

const TIMEOUT_ADVICE = "Ask for a shorter time with --since, or raise DATABASE_REPORT_TIMEOUT_MS.";

/** Says what to do about a failed report. */
function explained(error: unknown, replica: string | undefined): unknown {
  if (!isLottyError(error)) return error;
  const advice = error.code === "timeout" ? TIMEOUT_ADVICE : replica && REPLICA_ADVICE[error.code];
  if (advice === undefined) return error;
  const place = replica === undefined ? "" : `DATABASE_REPLICA_URL (${replica}): `;
  return new LottyError(error.code, `${place}${error.message}`, {
    cause: error,
    details: { ...error.details, advice },
  });
}
