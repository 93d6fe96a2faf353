import { v5 } from "uuid";

/** Namespace of the ids, drawn once at random. Changing it would move every subject of every new installation. */
const NAMESPACE = "6f0c0f6e-1d3a-4c5e-9d7b-3a52b7c1e840";

/**
 * The id of a thing by its kind and names: always the same UUIDv5 for the same names, such as
 * `["variant", environmentId, "button", "blue"]`.
 */
export function idFromName(parts: readonly string[]): string {
  // JSON keeps the parts apart, whatever characters they hold.
  return v5(JSON.stringify(parts), NAMESPACE);
}
