import type { SeededRandom } from "@lotty/faults/seeded-random";
import type { ModelDefinitions } from "../oracle/configuration.ts";

/** The definitions after a change, with a few words on it. */
export interface DefinitionsChange {
  readonly definitions: ModelDefinitions;
  readonly what: string;
}

/** One way of changing definitions. What it gives may be what there was. */
export type Change = (definitions: ModelDefinitions, random: SeededRandom) => DefinitionsChange;
