import { isLottyError, LottyError } from "@lotty/domain";

/** Result codes of SQLite that are told apart (https://sqlite.org/rescode.html). */
const BUSY = 5;
const ROW_FAULTS: ReadonlySet<number> = new Set([18, 19, 20]); // too big, constraint, mismatch

/** Whether a file could not be claimed because another process holds it. */
export function isHeldByAnother(error: unknown): boolean {
  return sqliteCode(error) === BUSY;
}

/** Whether a row is at fault and not the disk, so that its neighbours may be fine. */
export function isRowFault(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== undefined && ROW_FAULTS.has(code);
}

/** Turns what SQLite threw into an error of the system. */
export function toSpoolError(error: unknown): LottyError {
  if (isLottyError(error)) return error;
  const code = sqliteCode(error);
  if (code === undefined) return new LottyError("internal", "The spool failed", { cause: error });
  const options = { cause: error, details: { sqliteCode: code } };
  if (isRowFault(error)) return new LottyError("decision_rejected", "The spool refuses the decision", options);
  return new LottyError("decision_store_unavailable", "The spool cannot use its disk", options);
}

/** The primary result code: the extended one's lowest byte. */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}
