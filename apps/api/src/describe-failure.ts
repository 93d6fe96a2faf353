import { type ErrorCode, isLottyError } from "@lotty/domain";

const ADVICE: Readonly<Partial<Record<ErrorCode, string>>> = {
  address_in_use: "Another Lotty may be running already. Stop it, or choose another port: PORT=8090.",
  data_directory_in_use:
    "The embedded database belongs to one process at a time. Stop that process, or choose another directory: " +
    "LOTTY_DATA_DIR=./other. Several processes can share a Postgres: set DATABASE_URL.",
  database_unavailable: "Is the database of DATABASE_URL running, and may this user connect to it?",
  schema_mismatch: "The database belongs to another version of Lotty.",
  invalid_definition: "Correct the file, or start without LOTTY_DEMO.",
};

/** Tells a person why the API did not start and what to do. Only a defect comes with its stack. */
export function describeFailure(error: unknown): string {
  if (!isLottyError(error)) {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `Lotty could not start because of a defect. Please report this:\n${trace}\n`;
  }
  const advice = ADVICE[error.code];
  return `Lotty could not start: ${sentence(error.message)}\n${advice === undefined ? "" : `${advice}\n`}`;
}

function sentence(message: string): string {
  return /[.!?\n]$/.test(message) ? message : `${message}.`;
}
