import type { Hundredths } from "./hundredths.ts";
import type { Instant } from "./instant.ts";
import type { JsonValue } from "./json-value.ts";

/** The types a flag's values may have. */
export const FLAG_VALUE_TYPES = ["boolean", "string", "number", "json"] as const;

/** One of {@link FLAG_VALUE_TYPES}. */
export type FlagValueType = (typeof FLAG_VALUE_TYPES)[number];

/** Gives a value to subjects that no experiment takes. */
export interface FlagRule {
  /** Lower-case UUID; part of the hash that draws the rollout, so a rule that moves or changes keeps its subjects. */
  readonly id: string;
  /** Rule text; `null` or blank is true for every subject. */
  readonly targetingRules: string | null;
  readonly value: JsonValue;
  /** Share of matching subjects that get the value: 0 to 10000 hundredths of a percent. Who gets it stays when it grows. */
  readonly rollout: Hundredths;
}

/** A flag as it is stored in one environment. It has the same id, key and type in all of them. */
export interface Flag {
  /** Lower-case UUID. */
  readonly id: string;
  /** Name by which callers ask for the flag; unique. */
  readonly key: string;
  readonly valueType: FlagValueType;
  /** Value of every subject that neither an experiment nor a rule takes. */
  readonly defaultValue: JsonValue;
  /** A flag that is not gives everyone its default value, whatever its experiment and its rules say. */
  readonly enabled: boolean;
  /** In the order in which they are asked. */
  readonly rules: readonly FlagRule[];
  /** Grows by one with every change, from 1. */
  readonly version: number;
  readonly updatedAt: Instant;
}

/** Whether a value has the type that a flag declares. `json` takes any value. */
export function valueHasType(value: JsonValue, type: FlagValueType): boolean {
  return type === "json" || typeof value === type;
}
