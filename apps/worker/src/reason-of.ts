import { isLottyError, type StreamEntry } from "@lotty/domain";

/** Whether there is nothing in the place of an item, and why. */
export function isMalformed(item: unknown): item is { readonly malformed: string } {
  return typeof item === "object" && item !== null && "malformed" in item && typeof item.malformed === "string";
}

/** Why an entry is set aside, for the people who will look at it. Tells nothing of what it holds. */
export function reasonOf(entry: StreamEntry<unknown>, error?: unknown): string {
  if (isMalformed(entry.item)) return `malformed: ${entry.item.malformed}`;
  if (!isLottyError(error)) return "rejected";
  const facts = Object.entries(error.details).map(([name, value]) => `${name} ${String(value)}`);
  return `${error.code}: ${[error.message, ...facts].join(", ")}`;
}
