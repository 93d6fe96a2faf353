import type { AnalysisPlan, Experiment, Guardrail, Instant, Metric } from "@lotty/domain";
import type { ExperimentDefinition } from "../definitions.ts";
import type { MetricKeys } from "./describe-measures.ts";

/** An experiment of a file with all that is stored of how it is judged and watched. */
export interface ExperimentToMeasure {
  readonly key: string;
  /** Its id from now on. */
  readonly experimentId: string;
  readonly wanted: ExperimentDefinition;
  /** `undefined` for one that is not stored. */
  readonly before: Experiment | undefined;
  /** Whether it is stored and the file starts it. */
  readonly begins: boolean;
  readonly stored: {
    readonly plan: AnalysisPlan | undefined;
    readonly guardrails: readonly Guardrail[];
  };
}

/** The catalogue as the file leaves it, and what new records are stamped with. */
export interface MeasuresInForce {
  readonly metrics: readonly Metric[];
  readonly keys: MetricKeys;
  readonly now: Instant;
  readonly newId: (...name: readonly string[]) => string;
  readonly prune: boolean;
}
