import type { VariantDefinition } from "../definitions.ts";
import type { Fields, NodeReader } from "../node-reader.ts";
import type { MeasuredExperiment } from "./measured-definitions.ts";
import { readGuardrails } from "./read-guardrails.ts";
import type { MetricReading } from "./read-metric.ts";
import { readPlan } from "./read-plan.ts";
import { readRamp } from "./read-ramp.ts";

/** What of an experiment its plan and guardrails are read with. */
export interface ExperimentToRead {
  readonly variants: readonly VariantDefinition[] | undefined;
  readonly plannedDays: number | null;
  /** The metrics of the file by key. */
  readonly metrics: ReadonlyMap<string, MetricReading>;
}

/** Reads how an experiment is judged and watched. */
export function readMeasuredExperiment(
  reader: NodeReader,
  { guardrails: guardrailsField, plan: planField, ramp: rampField }: Fields<"plan" | "guardrails" | "ramp">,
  { metrics, plannedDays, variants }: ExperimentToRead,
): MeasuredExperiment | undefined {
  const hasControl = variants?.some(({ control }) => control);
  const plan = planField === undefined ? null : readPlan(reader, planField, { metrics, plannedDays });
  const guardrails =
    guardrailsField === undefined ? null : readGuardrails(reader, guardrailsField, { metrics, hasControl });
  const ramp = rampField === undefined ? null : readRamp(reader, rampField);
  if (plan === undefined || guardrails === undefined || ramp === undefined) return undefined;
  return { plan, guardrails, ramp };
}
