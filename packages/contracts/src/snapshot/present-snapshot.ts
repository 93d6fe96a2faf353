import {
  type Configuration,
  type Experiment,
  type Flag,
  formatHundredths,
  formatInstant,
  type Instant,
  isActive,
  isConcluded,
  MICROS_PER_DAY,
  type ParsedRule,
} from "@lotty/domain";
import { COOLDOWN_DAYS } from "@lotty/engine";
import {
  SNAPSHOT_FORMAT,
  type SnapshotExperiment,
  type SnapshotFlag,
  type SnapshotResponse,
  type SnapshotRule,
} from "./snapshot-response.ts";

/** How long after its last change a concluded experiment is sent: a day more than it matters, for clocks that differ. */
const CONCLUDED_MICROS = (COOLDOWN_DAYS + 1) * MICROS_PER_DAY;

/**
 * The part of a configuration that decisions rest on: without experiments that have not begun, and without those that ended
 * too long ago for any subject to be in their cooldown.
 */
export function decidingPart(configuration: Configuration, now: Instant): Configuration {
  const experiments = configuration.experiments.filter(
    ({ status, updatedAt }) => isActive(status) || (isConcluded(status) && updatedAt >= now - CONCLUDED_MICROS),
  );
  return { ...configuration, experiments };
}

/** Every rule text of a configuration, once. */
export function ruleTextsOf({ experiments, flags, segments }: Configuration): ReadonlySet<string> {
  const texts = [
    ...flags.flatMap(({ rules }) => rules.map(({ targetingRules }) => targetingRules)),
    ...experiments.map(({ targetingRules }) => targetingRules),
    ...segments.map(({ rule }) => rule),
  ];
  return new Set(texts.filter((text) => text !== null));
}

/**
 * The wire form of a configuration; see {@link decidingPart}.
 *
 * @param parsed what each of its rule texts means
 */
export function presentSnapshot(
  configuration: Configuration,
  parsed: ReadonlyMap<string, ParsedRule>,
): SnapshotResponse {
  const { domains, environmentId, experiments, flags, revision, segments } = configuration;
  return {
    format: SNAPSHOT_FORMAT,
    environment_id: environmentId,
    revision,
    flags: flags.map(presentFlag),
    experiments: experiments.map(presentExperiment),
    domains: domains.map(({ id, key, members }) => ({
      id,
      key,
      members: members.map(({ experimentId, priority }) => ({ experiment_id: experimentId, priority })),
    })),
    segments: segments.map(({ id, key, rule, updatedAt, version }) => ({
      id,
      key,
      rule,
      version,
      updated_at: formatInstant(updatedAt),
    })),
    rules: [...parsed].map(([text, each]): SnapshotRule =>
      each.ok ? { text, tree: each.rule } : { text, fault: each.message },
    ),
  };
}

function presentFlag({ defaultValue, enabled, id, key, rules, updatedAt, valueType, version }: Flag): SnapshotFlag {
  return {
    id,
    key,
    type: valueType,
    default: defaultValue,
    enabled,
    rules: rules.map((rule) => ({
      id: rule.id,
      rule: rule.targetingRules,
      value: rule.value,
      rollout: formatHundredths(rule.rollout),
    })),
    version,
    updated_at: formatInstant(updatedAt),
  };
}

function presentExperiment(experiment: Experiment): SnapshotExperiment {
  return {
    id: experiment.id,
    key: experiment.key,
    flag_id: experiment.flagId,
    status: experiment.status,
    version: experiment.version,
    updated_at: formatInstant(experiment.updatedAt),
    rule: experiment.targetingRules,
    traffic_allocation: formatHundredths(experiment.trafficAllocation),
    variants: experiment.variants.map(({ id, isControl, name, value, weight }) => ({
      id,
      name,
      value,
      weight: formatHundredths(weight),
      is_control: isControl,
    })),
    hash_version: experiment.hashVersion,
    sticky_assignment: experiment.stickyAssignment,
    rolled_back: experiment.rolledBack ?? false,
  };
}
