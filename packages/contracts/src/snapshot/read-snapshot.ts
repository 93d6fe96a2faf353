import {
  type Configuration,
  type Experiment,
  type Flag,
  type Hundredths,
  type Instant,
  type ParsedRule,
  parseHundredths,
  parseInstant,
  type RuleParser,
} from "@lotty/domain";
import { type Read, readWith } from "../read-request.ts";
import {
  type SnapshotExperiment,
  type SnapshotFlag,
  type SnapshotResponse,
  type SnapshotRule,
  snapshotSchema,
} from "./snapshot-response.ts";

/** What `compileSnapshot` of `@lotty/engine` takes. */
export interface ReceivedSnapshot {
  readonly configuration: Configuration;
  /** Knows the rules of this very configuration, without parsing. */
  readonly parseRule: RuleParser;
}

/** Reads the answer of `GET /v1/snapshot` as `JSON.parse` gives it; what is of another format is refused. */
export function readSnapshot(body: unknown): Read<ReceivedSnapshot> {
  const read = readWith(snapshotSchema, body);
  if (!read.ok) return read;
  const rules = new Map(read.request.rules.map((rule) => [rule.text, parsedRuleOf(rule)]));
  const parseRule: RuleParser = (text) => rules.get(text) ?? { ok: false, message: "The rule was not sent along." };
  return { ok: true, request: { configuration: configurationOf(read.request), parseRule } };
}

function parsedRuleOf(rule: SnapshotRule): ParsedRule {
  return "fault" in rule ? { ok: false, message: rule.fault } : { ok: true, rule: rule.tree };
}

function configurationOf(snapshot: SnapshotResponse): Configuration {
  const { domains, environment_id, experiments, flags, revision, segments } = snapshot;
  return {
    environmentId: environment_id,
    revision,
    flags: flags.map(flagOf),
    experiments: experiments.map(experimentOf),
    domains: domains.map(({ id, key, members }) => ({
      id,
      key,
      members: members.map(({ experiment_id, priority }) => ({ experimentId: experiment_id, priority })),
    })),
    segments: segments.map(({ id, key, rule, updated_at, version }) => ({
      id,
      key,
      rule,
      version,
      updatedAt: instantOf(updated_at),
    })),
  };
}

function flagOf(flag: SnapshotFlag): Flag {
  return {
    id: flag.id,
    key: flag.key,
    valueType: flag.type,
    defaultValue: flag.default,
    enabled: flag.enabled,
    rules: flag.rules.map(({ id, rollout, rule, value }) => ({
      id,
      targetingRules: rule,
      value,
      rollout: hundredthsOf(rollout),
    })),
    version: flag.version,
    updatedAt: instantOf(flag.updated_at),
  };
}

function experimentOf(experiment: SnapshotExperiment): Experiment {
  return {
    id: experiment.id,
    key: experiment.key,
    flagId: experiment.flag_id,
    status: experiment.status,
    version: experiment.version,
    updatedAt: instantOf(experiment.updated_at),
    targetingRules: experiment.rule,
    trafficAllocation: hundredthsOf(experiment.traffic_allocation),
    variants: experiment.variants.map(({ id, is_control, name, value, weight }) => ({
      id,
      name,
      value,
      weight: hundredthsOf(weight),
      isControl: is_control,
    })),
    hashVersion: experiment.hash_version,
    stickyAssignment: experiment.sticky_assignment,
    ...(experiment.rolled_back && { rolledBack: true }),
  };
}

/** The schema lets only decimals through. */
function hundredthsOf(text: string): Hundredths {
  return parseHundredths(text) ?? 0;
}

/** The schema lets only times through. */
function instantOf(text: string): Instant {
  return parseInstant(text) ?? 0;
}
