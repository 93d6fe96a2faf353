import {
  GUARDRAIL_ACTIONS,
  GUARDRAIL_DEFAULTS,
  guardrailRuleFaults,
  MARGIN_KINDS,
  POPULATIONS,
  unwatchable,
  type GuardrailRule,
} from "@lotty/domain";
import type { Fields, Located, NodeReader } from "../node-reader.ts";
import type { GuardrailDefinition } from "./measured-definitions.ts";
import type { MetricReading } from "./read-metric.ts";
import { readMetricKey } from "./read-metric-key.ts";

/** The fields of a rule in a file, by the fields of rules. */
const RULE_FIELDS = {
  margin: "margin",
  marginKind: "margin_kind",
  alpha: "alpha",
  minimumSubjects: "minimum_subjects",
  tunedFor: "tuned_for",
  population: "population",
  action: "action",
} as const;

const FIELDS = ["metric", ...Object.values(RULE_FIELDS)] as const;

type GuardrailFields = Fields<(typeof FIELDS)[number]>;

/** Where guardrails are read in. */
export interface GuardrailSurroundings {
  /** The metrics of the file by key. */
  readonly metrics: ReadonlyMap<string, MetricReading>;
  /** Whether the experiment has a control; `undefined` where its variants have faults. */
  readonly hasControl: boolean | undefined;
}

/** Reads the guardrails of an experiment. */
export function readGuardrails(
  reader: NodeReader,
  value: Located,
  surroundings: GuardrailSurroundings,
): readonly GuardrailDefinition[] | undefined {
  const guardrails = reader.items(value)?.map((item) => readGuardrail(reader, item, surroundings));
  return guardrails?.every((guardrail) => guardrail !== undefined) ? guardrails : undefined;
}

function readGuardrail(
  reader: NodeReader,
  value: Located,
  { hasControl, metrics }: GuardrailSurroundings,
): GuardrailDefinition | undefined {
  const fields = reader.fields(value, FIELDS);
  if (fields === undefined) return undefined;
  const metricField = reader.required(fields, "metric");
  const metric = metricField && readMetricKey(reader, metricField, metrics);
  const rule = readRule(reader, fields);
  if (metricField === undefined || metric === undefined || rule === undefined) return undefined;
  const kind = metrics.get(metric)?.kind;
  const unmeasurable = kind && unwatchable(kind);
  if (unmeasurable !== undefined) return reader.reject(metricField, unmeasurable);
  if (rule.action === "rollback" && hasControl === false) {
    const message = "no variant is the control that the experiment could be rolled back to";
    return reader.reject(fields.action ?? value, message, "mark one with `control: true`, or let it `pause`");
  }
  return { metric, rule };
}

function readRule(reader: NodeReader, fields: GuardrailFields): GuardrailRule | undefined {
  const { alpha: alphaField, margin_kind: kindField, minimum_subjects: minimumField } = fields;
  const { population: populationField, tuned_for: tunedField } = fields;
  const actionField = reader.required(fields, "action");
  const marginField = reader.required(fields, "margin");
  const action = actionField && reader.choice(actionField, GUARDRAIL_ACTIONS);
  const margin = marginField && reader.number(marginField);
  const marginKind = kindField === undefined ? GUARDRAIL_DEFAULTS.marginKind : reader.choice(kindField, MARGIN_KINDS);
  const alpha = alphaField === undefined ? GUARDRAIL_DEFAULTS.alpha : reader.number(alphaField);
  const minimumSubjects = minimumField === undefined ? GUARDRAIL_DEFAULTS.minimumSubjects : reader.number(minimumField);
  const tunedFor = tunedField === undefined ? GUARDRAIL_DEFAULTS.tunedFor : reader.number(tunedField);
  const population =
    populationField === undefined ? GUARDRAIL_DEFAULTS.population : reader.choice(populationField, POPULATIONS);
  if (action === undefined || margin === undefined || marginKind === undefined || alpha === undefined) return undefined;
  if (minimumSubjects === undefined || tunedFor === undefined || population === undefined) return undefined;
  const rule: GuardrailRule = { margin, marginKind, alpha, minimumSubjects, tunedFor, population, action };
  const faults = guardrailRuleFaults(rule);
  for (const { field, message } of faults) reader.reject(fields[RULE_FIELDS[field]] ?? fields.self, message);
  return faults.length === 0 ? rule : undefined;
}
