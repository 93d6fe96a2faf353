import {
  CORRECTION_SCOPES,
  CORRECTIONS,
  LOOKING_RULES,
  PLAN_DEFAULTS,
  planFaults,
  POPULATIONS,
  type AnalysisPlan,
  type PlannedMetric,
} from "@lotty/domain";
import type { Fields, Located, NodeReader } from "../node-reader.ts";
import { readNames } from "../read-texts.ts";
import type { PlanDefinition, PlannedGuardrailDefinition } from "./measured-definitions.ts";
import type { MetricReading } from "./read-metric.ts";
import { readMetricKey } from "./read-metric-key.ts";

/** The fields of a plan in a file, by the fields of plans. */
const FIELDS = {
  primary: "primary",
  secondary: "secondary",
  guardrails: "guardrails",
  alpha: "alpha",
  power: "power",
  minimumEffect: "minimum_effect",
  durationDays: "duration_days",
  plannedSubjects: "planned_subjects",
  minimumSubjects: "minimum_subjects",
  looking: "looking",
  correction: "correction",
  correctionScope: "correction_scope",
  population: "population",
  segments: "segments",
} as const;

type PlanFields = Fields<(typeof FIELDS)[keyof typeof FIELDS]>;

/** Where a plan is read in. */
export interface PlanSurroundings {
  /** The metrics of the file by key. */
  readonly metrics: ReadonlyMap<string, MetricReading>;
  /** How long the experiment itself is planned for; `null` when it does not say. */
  readonly plannedDays: number | null;
}

/** Reads the analysis plan of an experiment. What it does not say has the defaults of plans. */
export function readPlan(
  reader: NodeReader,
  value: Located,
  { metrics, plannedDays }: PlanSurroundings,
): PlanDefinition | undefined {
  const fields: PlanFields | undefined = reader.fields(value, Object.values(FIELDS));
  if (fields === undefined) return undefined;
  const primaryField = reader.required(fields, "primary");
  const primary = primaryField && readMetrics(reader, primaryField, metrics);
  const secondary = fields.secondary === undefined ? [] : readMetrics(reader, fields.secondary, metrics);
  const guardrails = fields.guardrails === undefined ? [] : readGuardrails(reader, fields.guardrails, metrics);
  const numbers = readNumbers(reader, fields, plannedDays);
  const rules = readRules(reader, fields);
  if (primary === undefined || secondary === undefined || guardrails === undefined) return undefined;
  if (numbers === undefined || rules === undefined) return undefined;
  const plan: PlanDefinition = { primary, secondary, guardrails, ...numbers, ...rules };
  return isSound(reader, fields, plan) ? plan : undefined;
}

/** Whether a plan makes sense; each fault is reported at the field that it is about. */
function isSound(reader: NodeReader, fields: PlanFields, plan: PlanDefinition): boolean {
  const keyed = (metric: string): PlannedMetric => ({ metricId: metric, metricVersion: 1 });
  const faults = planFaults({
    ...plan,
    primary: plan.primary.map(keyed),
    secondary: plan.secondary.map(keyed),
    guardrails: plan.guardrails.map(({ margin, metric }) => ({ ...keyed(metric), margin })),
    experimentId: "",
    version: 1,
    updatedAt: 0,
    frozenAt: null,
  });
  for (const { field, message } of faults) {
    const [, name] = Object.entries(FIELDS).find(([known]) => known === field) ?? [];
    reader.reject((name && fields[name]) ?? fields.self, message);
  }
  return faults.length === 0;
}

type PlanNumbers = Pick<
  AnalysisPlan,
  "alpha" | "power" | "minimumEffect" | "durationDays" | "plannedSubjects" | "minimumSubjects"
>;

function readNumbers(reader: NodeReader, fields: PlanFields, plannedDays: number | null): PlanNumbers | undefined {
  const number = <Absent>(field: Located | undefined, absent: Absent): number | Absent | undefined =>
    field === undefined ? absent : reader.number(field);
  const alpha = number(fields.alpha, PLAN_DEFAULTS.alpha);
  const power = number(fields.power, PLAN_DEFAULTS.power);
  const minimumEffect = number(fields.minimum_effect, PLAN_DEFAULTS.minimumEffect);
  const durationDays = number(fields.duration_days, plannedDays ?? PLAN_DEFAULTS.durationDays);
  const plannedSubjects = number(fields.planned_subjects, PLAN_DEFAULTS.plannedSubjects);
  const minimumSubjects = number(fields.minimum_subjects, PLAN_DEFAULTS.minimumSubjects);
  if (alpha === undefined || power === undefined || minimumEffect === undefined) return undefined;
  if (durationDays === undefined || plannedSubjects === undefined || minimumSubjects === undefined) return undefined;
  return { alpha, power, minimumEffect, durationDays, plannedSubjects, minimumSubjects };
}

type PlanRules = Pick<AnalysisPlan, "looking" | "correction" | "correctionScope" | "population" | "segments">;

function readRules(reader: NodeReader, fields: PlanFields): PlanRules | undefined {
  const looking = fields.looking === undefined ? PLAN_DEFAULTS.looking : reader.choice(fields.looking, LOOKING_RULES);
  const correction =
    fields.correction === undefined ? PLAN_DEFAULTS.correction : reader.choice(fields.correction, CORRECTIONS);
  const correctionScope =
    fields.correction_scope === undefined
      ? PLAN_DEFAULTS.correctionScope
      : reader.choice(fields.correction_scope, CORRECTION_SCOPES);
  const population =
    fields.population === undefined ? PLAN_DEFAULTS.population : reader.choice(fields.population, POPULATIONS);
  const segments = fields.segments === undefined ? [] : readNames(reader, fields.segments);
  if (looking === undefined || correction === undefined || correctionScope === undefined) return undefined;
  if (population === undefined || segments === undefined) return undefined;
  return { looking, correction, correctionScope, population, segments };
}

function readMetrics(
  reader: NodeReader,
  value: Located,
  metrics: ReadonlyMap<string, MetricReading>,
): readonly string[] | undefined {
  const keys = reader.items(value)?.map((item) => readMetricKey(reader, item, metrics));
  return keys?.every((key) => key !== undefined) ? keys : undefined;
}

function readGuardrails(
  reader: NodeReader,
  value: Located,
  metrics: ReadonlyMap<string, MetricReading>,
): readonly PlannedGuardrailDefinition[] | undefined {
  const guardrails = reader.items(value)?.map((item) => {
    const fields = reader.fields(item, ["metric", "margin"]);
    if (fields === undefined) return undefined;
    const metricField = reader.required(fields, "metric");
    const marginField = reader.required(fields, "margin");
    const metric = metricField && readMetricKey(reader, metricField, metrics);
    const margin = marginField && reader.number(marginField);
    return metric === undefined || margin === undefined ? undefined : { metric, margin };
  });
  return guardrails?.every((guardrail) => guardrail !== undefined) ? guardrails : undefined;
}
