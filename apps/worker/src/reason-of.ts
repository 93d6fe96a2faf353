import { isLottyError, type StreamEntry } from "@lotty/domain";

/** Why an entry is set aside, for the people who will look at it. Tells nothing of the decision itself. */
export function reasonOf(entry: StreamEntry, error?: unknown): string {
  if ("malformed" in entry.decision) return `malformed: ${entry.decision.malformed}`;
  if (!isLottyError(error)) return "rejected";
  const facts = Object.entries(error.details).map(([name, value]) => `${name} ${String(value)}`);
  return `${error.code}: ${[error.message, ...facts].join(", ")}`;
}
