import { plannedGuardrails, type AnalysisPlan, type Guardrail } from "@lotty/domain";
import { type Difference, fieldDifferences } from "../difference.ts";
import { byMetricAndRule, describeGuardrail, ruleText } from "./describe-measures.ts";
import type { ExperimentToMeasure, MeasuresInForce } from "./experiment-to-measure.ts";
import type { GuardrailDefinition } from "./measured-definitions.ts";
import { printGuardrail } from "./print-measures.ts";

/** What is to be done with the guardrails of an experiment. */
export interface GuardrailPlanning {
  readonly put: readonly Guardrail[];
  readonly removeIds: readonly string[];
  readonly summary: readonly Difference[];
}

/**
 * Compares the guardrails that a file gives an experiment with those that are stored. They go by their metric; of several on one metric, those
 * with the same rule are the same, and the others are taken in the order of their rules. An experiment that the file starts without stating any is watched as its plan promises.
 *
 * @param plan the plan that the experiment has from now on
 */
export function planGuardrails(
  given: ExperimentToMeasure,
  plan: AnalysisPlan | undefined,
  measures: MeasuresInForce,
): GuardrailPlanning {
  const { guardrails } = given.wanted;
  if (guardrails === null && !measures.prune) return untouched(given, plan, measures);
  const { added, changed, gone } = match(guardrails ?? [], given.stored.guardrails, measures);
  const put = [
    ...changed.map(([wanted, before]) => ({
      ...before,
      rule: wanted.rule,
      version: before.version + 1,
      updatedAt: measures.now,
    })),
    ...added.map((wanted, place) => newGuardrail(given, { wanted, place }, measures)),
  ];
  const summary = [
    ...added.map((wanted): Difference => ({ ...named(given, wanted), action: "added" })),
    ...changed.map(([wanted, before]): Difference => {
      const stored = printGuardrail(describeGuardrail(before, measures.keys));
      return { ...named(given, wanted), action: "changed", fields: fieldDifferences(stored, printGuardrail(wanted)) };
    }),
    ...gone.map((before): Difference => {
      return { ...named(given, describeGuardrail(before, measures.keys)), action: "removed" };
    }),
  ];
  return { put, removeIds: gone.map(({ id }) => id), summary };
}

/** The file says nothing of guardrails: what there is stays, and a start watches what the plan promises. */
function untouched(
  given: ExperimentToMeasure,
  plan: AnalysisPlan | undefined,
  { keys, metrics, newId, now }: MeasuresInForce,
): GuardrailPlanning {
  const watching = given.stored.guardrails;
  const kept = watching.map((guardrail): Difference => {
    return { ...named(given, describeGuardrail(guardrail, keys)), action: "kept" };
  });
  if (!given.begins || plan === undefined) return { put: [], removeIds: [], summary: kept };
  const idOf = (metricId: string): string => newId("guardrail", given.key, metricId);
  const put = plannedGuardrails({ plan, planned: plan.guardrails, metrics, watching, now, newId: idOf });
  const made = put.map((guardrail): Difference => {
    return { ...named(given, describeGuardrail(guardrail, keys)), action: "added" };
  });
  return { put, removeIds: [], summary: [...made, ...kept] };
}

interface Matching {
  readonly added: readonly GuardrailDefinition[];
  readonly changed: readonly (readonly [GuardrailDefinition, Guardrail])[];
  readonly gone: readonly Guardrail[];
}

function match(
  wanted: readonly GuardrailDefinition[],
  stored: readonly Guardrail[],
  { keys }: MeasuresInForce,
): Matching {
  const left = stored
    .map((guardrail) => ({ guardrail, definition: describeGuardrail(guardrail, keys) }))
    .toSorted((one, other) => byMetricAndRule(one.definition, other.definition));
  const take = (isSame: (definition: GuardrailDefinition) => boolean): Guardrail | undefined => {
    const place = left.findIndex(({ definition }) => isSame(definition));
    return place < 0 ? undefined : left.splice(place, 1)[0]?.guardrail;
  };
  const other = wanted
    .toSorted(byMetricAndRule)
    .filter((each) => take((one) => one.metric === each.metric && ruleText(one) === ruleText(each)) === undefined);
  const added: GuardrailDefinition[] = [];
  const changed: (readonly [GuardrailDefinition, Guardrail])[] = [];
  for (const each of other) {
    const before = take(({ metric }) => metric === each.metric);
    if (before === undefined) added.push(each);
    else changed.push([each, before]);
  }
  return { added, changed, gone: left.map(({ guardrail }) => guardrail) };
}

function newGuardrail(
  { experimentId, key }: ExperimentToMeasure,
  { place, wanted }: { readonly wanted: GuardrailDefinition; readonly place: number },
  { keys, metrics, newId, now }: MeasuresInForce,
): Guardrail {
  const metric = metrics.find(({ id }) => keys.get(id) === wanted.metric);
  return {
    id: newId("guardrail", key, wanted.metric, String(place)),
    experimentId,
    metricId: metric?.id ?? wanted.metric,
    metricVersion: metric?.version ?? 1,
    rule: wanted.rule,
    armedAt: null,
    version: 1,
    updatedAt: now,
  };
}

function named(
  { key }: ExperimentToMeasure,
  { metric }: GuardrailDefinition,
): { readonly kind: "guardrail"; readonly key: string } {
  return { kind: "guardrail", key: `${key}/${metric}` };
}
