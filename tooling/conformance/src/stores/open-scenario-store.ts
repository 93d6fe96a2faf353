import { createMemoryStore } from "./memory-store.ts";
import type { ScenarioStore } from "./scenario-store.ts";

/** The stores that scenarios can run on. */
export const STORE_NAMES = ["memory", "pglite", "postgres"] as const;

/** One of {@link STORE_NAMES}. */
export type StoreName = (typeof STORE_NAMES)[number];

/** Opens a store for scenarios. */
export async function openScenarioStore(name: StoreName): Promise<ScenarioStore> {
  if (name === "memory") return createMemoryStore();
  throw new Error("not yet");
}
