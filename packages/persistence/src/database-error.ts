import { isLottyError, LottyError, type ErrorCode } from "@lotty/domain";
import { sqlState } from "./sql/sql-pool.ts";

/** What a failure of the database means for the one who asked. */
export type DatabaseFault =
  /** The data cannot be stored: the same statement fails again. */
  | "data"
  /** The transaction lost a race; the same work may succeed at once. */
  | "contention"
  /** The connection is gone or the server is going; another connection may work at once. */
  | "connection"
  /** The database does not answer, not in time, or cannot work now. */
  | "unavailable"
  /** Tables or functions are not those that this version needs. */
  | "schema"
  /** The statement is refused for any other reason. */
  | "refused"
  /** A mistake in our own code. */
  | "defect";

/** SQLSTATEs that mean something else than their class. */
const FAULT_BY_STATE: Readonly<Record<string, DatabaseFault>> = {
  "25006": "connection", // read-only transaction: this server has become a standby
  "26000": "connection", // prepared statement lost, as behind a pooler that swapped the session
  "0A000": "connection", // cached plan of a table that was altered meanwhile; a new session plans anew
  "3D000": "unavailable", // database does not exist (yet)
  "3F000": "schema",
  "42P01": "schema", // table
  "42703": "schema", // column
  "42883": "schema", // function
  "42704": "schema", // type
  "55P03": "unavailable", // lock timeout
  "57014": "unavailable", // statement timeout or cancelled
};

/** Meaning of an SQLSTATE by its first two characters. */
const FAULT_BY_CLASS: Readonly<Record<string, DatabaseFault>> = {
  "08": "connection",
  "22": "data",
  "23": "data",
  "28": "unavailable", // not allowed in: for an operator to mend, no fault of the data
  "40": "contention",
  "44": "data",
  "53": "unavailable", // out of disk, memory or connections
  "54": "data", // value beyond a limit of the server
  "57": "connection", // shut down by an operator
  "58": "unavailable", // I/O error
  P0: "data", // raised by our own functions
  XX: "unavailable", // internal error: retry rather than blame the data
};

/** Sorts what a driver threw. */
export function databaseFault(error: unknown): DatabaseFault {
  const state = sqlState(error);
  if (state !== undefined) return FAULT_BY_STATE[state] ?? FAULT_BY_CLASS[state.slice(0, 2)] ?? "refused";
  if (isLottyError(error)) return error.retryable ? "unavailable" : "defect";
  // Mistakes in our own code must not look like an outage.
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) return "defect";
  return "connection";
}

const CODE_BY_FAULT: Readonly<Record<DatabaseFault, ErrorCode>> = {
  data: "database_rejected",
  contention: "database_unavailable",
  connection: "database_unavailable",
  unavailable: "database_unavailable",
  schema: "schema_mismatch",
  refused: "database_rejected",
  defect: "internal",
};

const MESSAGE_BY_FAULT: Readonly<Record<DatabaseFault, string>> = {
  data: "The database refuses the data",
  contention: "The database gave up a transaction in favour of another",
  connection: "The connection to the database is lost",
  unavailable: "The database cannot answer now",
  schema: "The database does not have the tables that this version needs",
  refused: "The database refuses the statement",
  defect: "The storage adapter failed",
};

/** Turns what a driver threw into an error of the system; errors of the system stay as they are. */
export function toDatabaseError(error: unknown): LottyError {
  if (isLottyError(error)) return error;
  const fault = databaseFault(error);
  return new LottyError(CODE_BY_FAULT[fault], MESSAGE_BY_FAULT[fault], { cause: error, details: factsOf(error) });
}

/**
 * Turns what a driver threw while decisions were written. Only a fault of the data rejects a decision: rejected ones are
 * set aside for good, everything else is tried again.
 */
export function toRecordingError(error: unknown): LottyError {
  if (isLottyError(error, "decision_rejected") || isLottyError(error, "decision_store_unavailable")) return error;
  const fault = databaseFault(error);
  const options = { cause: error, details: factsOf(error) };
  if (fault === "data") return new LottyError("decision_rejected", "The database refuses the decision", options);
  if (fault === "defect") return new LottyError("internal", MESSAGE_BY_FAULT.defect, options);
  return new LottyError("decision_store_unavailable", `Decisions are not written: ${MESSAGE_BY_FAULT[fault]}`, options);
}

/** Runs work on the database and throws only errors of the system. */
export async function guarded<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toDatabaseError(error);
  }
}

/** Names of database objects only: the server's own message and detail repeat the values that were sent. */
function factsOf(error: unknown): Record<string, unknown> {
  const state = sqlState(error);
  const facts: Record<string, unknown> = state === undefined ? {} : { sqlState: state };
  if (typeof error === "object" && error !== null) {
    if ("constraint" in error && error.constraint !== undefined) facts["constraint"] = error.constraint;
    if ("table" in error && error.table !== undefined) facts["table"] = error.table;
    if (state === undefined && "code" in error) facts["errno"] = error.code;
  }
  return facts;
}
