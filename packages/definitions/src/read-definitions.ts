import { isActive } from "@lotty/domain";
import { closestName } from "./closest-name.ts";
import type { Definitions } from "./definitions.ts";
import { readEventType } from "./measured/read-event-type.ts";
import { readMetric } from "./measured/read-metric.ts";
import { type Located, NodeReader } from "./node-reader.ts";
import { parseDocument } from "./parse-document.ts";
import { ProblemList } from "./problem-list.ts";
import type { DefinitionProblem } from "./problem.ts";
import { readApproverGroup } from "./read-approver-group.ts";
import { readDomain } from "./read-domain.ts";
import { type ExperimentReading, readExperiment } from "./read-experiment.ts";
import { readFlag } from "./read-flag.ts";
import { readSegments } from "./read-segments.ts";
import { readNotificationRule } from "./told/read-notification-rule.ts";

/**
 * What became of a definitions file: its contents with whatever is doubtful about them, or everything that is wrong with
 * it; in the order of the file.
 */
export type DefinitionsReading =
  | { readonly ok: true; readonly definitions: Definitions; readonly warnings: readonly DefinitionProblem[] }
  | { readonly ok: false; readonly problems: readonly DefinitionProblem[] };

/** How a definitions file is read. */
export interface ReadDefinitionsOptions {
  /** Name that problems are reported under. */
  readonly fileName: string;
}

/**
 * Reads flags, experiments and all that belongs to them from YAML 1.2 or JSON. Strict: unknown fields, references that lead
 * nowhere, values of another type than their flag's, rules with faults and everything else that cannot be meant are
 * problems with line and column. Never throws; hostile input meets `DEFINITION_LIMITS`.
 */
export function readDefinitions(text: string, options: ReadDefinitionsOptions): DefinitionsReading {
  const problems = new ProblemList(options.fileName, text);
  const document = parseDocument(text, problems);
  const definitions = document && readSections(new NodeReader(document, problems), text);
  if (definitions === undefined || !problems.isEmpty) return { ok: false, problems: problems.sorted() };
  return { ok: true, definitions, warnings: problems.warnings() };
}

const SECTIONS = [
  "segments",
  "event_types",
  "metrics",
  "flags",
  "experiments",
  "domains",
  "approver_groups",
  "notification_rules",
] as const;

function readSections(reader: NodeReader, text: string): Definitions | undefined {
  const root = reader.root();
  if (root.node === null) return reader.reject(root, "the file is empty", "state `flags:` and `experiments:`");
  const fields = reader.fields(root, SECTIONS);
  if (fields === undefined) return undefined;

  const segments = readSegments(reader, fields.segments, text);
  const rules = { text, segments };

  const eventTypes = readAll(reader, fields.event_types, (item) => readEventType(reader, item));
  checkUnique(reader, eventTypes, "event type");
  const metricSurroundings = { ...rules, eventTypes: new Set(eventTypes.map(({ key }) => key)) };
  const metrics = readAll(reader, fields.metrics, (item) => readMetric(reader, item, metricSurroundings));
  checkUnique(reader, metrics, "metric");

  const flagSurroundings = { ...rules, ruleIds: new Map<string, Located>() };
  const flags = readAll(reader, fields.flags, (item) => readFlag(reader, item, flagSurroundings));
  const flagsByKey = new Map(flags.map((flag) => [flag.key, flag]));
  checkUnique(reader, flags, "flag");

  const closestFlag = (key: string): string | undefined => closestName(key, flagsByKey.keys());
  const metricsByKey = new Map(metrics.map((metric) => [metric.key, metric]));
  const surroundings = { ...rules, flags: flagsByKey, metrics: metricsByKey, closestFlag };
  const experiments = readAll(reader, fields.experiments, (item) => readExperiment(reader, item, surroundings));
  checkUnique(reader, experiments, "experiment");
  checkOneActivePerFlag(reader, experiments);

  const experimentKeys = new Set(experiments.map((experiment) => experiment.key));
  const domains = readAll(reader, fields.domains, (item) => readDomain(reader, item, experimentKeys));
  checkUnique(reader, domains, "domain");

  const groups = readAll(reader, fields.approver_groups, (item) => readApproverGroup(reader, item));
  checkUnique(reader, groups, "approver group");

  const tellings = readAll(reader, fields.notification_rules, (item) =>
    readNotificationRule(reader, item, experimentKeys),
  );
  checkUnique(reader, tellings, "notification rule");

  return {
    flags: flags.flatMap(({ definition }) => definition ?? []),
    experiments: experiments.flatMap(({ definition }) => definition ?? []),
    domains: domains.flatMap(({ definition }) => definition ?? []),
    segments: segments.definitions,
    approverGroups: groups.flatMap(({ definition }) => definition ?? []),
    eventTypes: eventTypes.flatMap(({ definition }) => definition ?? []),
    metrics: metrics.flatMap(({ definition }) => definition ?? []),
    notificationRules: tellings.flatMap(({ definition }) => definition ?? []),
  };
}

function readAll<T>(
  reader: NodeReader,
  section: Located | undefined,
  read: (item: Located) => T | undefined,
): readonly T[] {
  const readings: T[] = [];
  for (const item of (section && reader.items(section)) ?? []) {
    if (reader.problems.full) break;
    const reading = read(item);
    if (reading !== undefined) readings.push(reading);
  }
  return readings;
}

function checkUnique(
  reader: NodeReader,
  readings: readonly { readonly key: string; readonly place: Located }[],
  noun: string,
): void {
  const first = new Map<string, Located>();
  for (const { key, place } of readings) {
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, place);
    } else {
      const { line } = reader.problems.position(earlier.place);
      reader.reject(place, `there is another ${noun} \`${key}\` on line ${line}`);
    }
  }
}

function checkOneActivePerFlag(reader: NodeReader, experiments: readonly ExperimentReading[]): void {
  const active = new Map<string, string>();
  for (const { key, flag, status, statusPlace } of experiments) {
    if (flag === undefined || status === undefined || statusPlace === undefined || !isActive(status)) continue;
    const other = active.get(flag);
    if (other === undefined) active.set(flag, key);
    else {
      const message = `the flag \`${flag}\` has another running or paused experiment, \`${other}\``;
      reader.reject(statusPlace, message, "a flag has at most one; complete one of them first");
    }
  }
}
