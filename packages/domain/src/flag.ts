import type { Instant } from "./instant.ts";
import type { JsonValue } from "./json-value.ts";

/** The types a flag's values may have. */
export const FLAG_VALUE_TYPES = ["boolean", "string", "number", "json"] as const;

/** One of {@link FLAG_VALUE_TYPES}. */
export type FlagValueType = (typeof FLAG_VALUE_TYPES)[number];

/** A flag as it is stored. */
export interface Flag {
  /** Lower-case UUID. */
  readonly id: string;
  /** Name by which callers ask for the flag; unique in its environment. */
  readonly key: string;
  readonly valueType: FlagValueType;
  /** Value of every subject that no experiment takes. */
  readonly defaultValue: JsonValue;
  /** Grows by one with every change, from 1. */
  readonly version: number;
  readonly updatedAt: Instant;
}

/** Whether a value has the type that a flag declares. `json` takes any value. */
export function valueHasType(value: JsonValue, type: FlagValueType): boolean {
  return type === "json" || typeof value === type;
}
