import { type Experiment, EXPERIMENT_STATUSES, FULL_ALLOCATION } from "@lotty/domain";
import type { ExperimentDefinition } from "./definitions.ts";
import { DEFINITION_LIMITS } from "./limits.ts";
import type { Fields, Located, NodeReader } from "./node-reader.ts";
import { readMeasuredExperiment } from "./measured/read-measured-experiment.ts";
import type { MetricReading } from "./measured/read-metric.ts";
import type { FlagReading } from "./read-flag.ts";
import { type EndedExperiment, readInstant, readOutcome } from "./read-life.ts";
import { readTargeting, type RuleSurroundings } from "./read-targeting.ts";
import { readText } from "./read-texts.ts";
import { readVariants } from "./read-variants.ts";

/** What could be read of an experiment; one with faults still has a key that domains may refer to. */
export interface ExperimentReading {
  readonly key: string;
  readonly place: Located;
  readonly statusPlace: Located | undefined;
  readonly status: Experiment["status"] | undefined;
  readonly flag: string | undefined;
  readonly definition: ExperimentDefinition | undefined;
}

/** Where an experiment is read in: the file's text, its segments, and its flags by key. */
export interface ExperimentSurroundings extends RuleSurroundings {
  readonly flags: ReadonlyMap<string, FlagReading>;
  readonly metrics: ReadonlyMap<string, MetricReading>;
  /** Gives the flag key that a mistyped one most likely meant. */
  readonly closestFlag: (key: string) => string | undefined;
}

const FIELDS = [
  "key",
  "flag",
  "status",
  "targeting",
  "traffic",
  "sticky",
  "rolled_back",
  "variants",
  "hypothesis",
  "owner",
  "planned_days",
  "description",
  "started",
  "completed",
  "outcome",
  "plan",
  "guardrails",
  "ramp",
] as const;

/** Reads one element of `experiments`. */
export function readExperiment(
  reader: NodeReader,
  value: Located,
  surroundings: ExperimentSurroundings,
): ExperimentReading | undefined {
  const fields = reader.fields(value, FIELDS);
  if (fields === undefined) return undefined;
  const place = reader.required(fields, "key");
  const flagField = reader.required(fields, "flag");
  const statusField = reader.required(fields, "status");
  const key = place && reader.name(place);
  const flag = flagField && readFlagKey(reader, flagField, surroundings);
  const status = statusField && reader.choice(statusField, EXPERIMENT_STATUSES);
  const targeting = fields.targeting === undefined ? null : readTargeting(reader, fields.targeting, surroundings);
  const stated = fields.traffic && reader.hundredths(fields.traffic, FULL_ALLOCATION);
  const sticky = fields.sticky === undefined ? true : reader.boolean(fields.sticky);
  const rolledBack = fields.rolled_back === undefined ? false : readRolledBack(reader, fields.rolled_back, status);
  const type = flag === undefined ? undefined : surroundings.flags.get(flag)?.type;
  const variants = fields.variants === undefined ? [] : readVariants(reader, fields.variants, type);
  const said = readSaid(reader, fields, { status, variants });
  const plannedDays = said?.plannedDays ?? null;
  const measured = readMeasuredExperiment(reader, fields, { variants, plannedDays, metrics: surroundings.metrics });
  if (place === undefined || key === undefined) return undefined;
  const reading = { key, place, statusPlace: statusField, status, flag };
  if (flag === undefined || status === undefined || targeting === undefined) {
    return { ...reading, definition: undefined };
  }
  if (sticky === undefined || rolledBack === undefined || variants === undefined) {
    return { ...reading, definition: undefined };
  }
  if (said === undefined || measured === undefined || (fields.traffic !== undefined && stated === undefined)) {
    return { ...reading, definition: undefined };
  }
  const rampsTraffic = stated === undefined;
  const traffic = stated ?? measured.ramp?.steps[0]?.allocation ?? FULL_ALLOCATION;
  const shares = { targeting, traffic, rampsTraffic, sticky, rolledBack, variants };
  return { ...reading, definition: { key, flag, status, ...shares, ...said, ...measured } };
}

/** What is said about an experiment, and no decision depends on. */
type SaidOfExperiment = Pick<
  ExperimentDefinition,
  "hypothesis" | "owner" | "plannedDays" | "description" | "started" | "completed" | "outcome"
>;

function readSaid(
  reader: NodeReader,
  fields: Fields<(typeof FIELDS)[number]>,
  ended: EndedExperiment,
): SaidOfExperiment | undefined {
  const { maxKeyLength, maxPlannedDays, maxTextLength } = DEFINITION_LIMITS;
  const hypothesis = readText(reader, fields.hypothesis, maxTextLength);
  const owner = readText(reader, fields.owner, maxKeyLength);
  const { completed: completedField, outcome: outcomeField, planned_days: daysField, started: startedField } = fields;
  const plannedDays = daysField === undefined ? null : reader.integer(daysField, 1, maxPlannedDays);
  const description = readText(reader, fields.description, maxTextLength);
  const started = startedField === undefined ? null : readInstant(reader, startedField);
  const completed = completedField === undefined ? null : readInstant(reader, completedField);
  const outcome = outcomeField === undefined ? null : readOutcome(reader, outcomeField, ended);
  if (hypothesis === undefined || owner === undefined || plannedDays === undefined || description === undefined) {
    return undefined;
  }
  if (started === undefined || completed === undefined || outcome === undefined) return undefined;
  return { hypothesis, owner, plannedDays, description, started, completed, outcome };
}

function readRolledBack(
  reader: NodeReader,
  value: Located,
  status: Experiment["status"] | undefined,
): boolean | undefined {
  const rolledBack = reader.boolean(value);
  if (rolledBack !== true || status === undefined || status === "paused") return rolledBack;
  return reader.reject(value, `an experiment that is ${status} cannot be rolled back`, "its status would be `paused`");
}

function readFlagKey(
  reader: NodeReader,
  value: Located,
  { flags, closestFlag }: ExperimentSurroundings,
): string | undefined {
  const key = reader.name(value);
  if (key === undefined || flags.has(key)) return key;
  const meant = closestFlag(key);
  const hint = meant === undefined ? "state the flag under `flags` in this file" : `did you mean \`${meant}\`?`;
  return reader.reject(value, `there is no flag \`${key}\` in this file`, hint);
}
