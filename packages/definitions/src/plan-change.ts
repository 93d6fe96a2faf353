import {
  type Configuration,
  type ConfigurationChange,
  type Experiment,
  type Instant,
  isActive,
  LottyError,
  orderSegments,
  type Rule,
  valueHasType,
} from "@lotty/domain";
import { parseRule } from "@lotty/dsl";
import { buildExperimentDetails, buildFlagDetails } from "./build-details.ts";
import { buildDomain, buildExperiment, buildFlag, buildSegment } from "./build-records.ts";
import { domainFields, experimentFields, flagFields, segmentFields } from "./comparable-fields.ts";
import type { Definitions, SegmentDefinition } from "./definitions.ts";
import {
  describeDomain,
  describeExperiment,
  describeFlag,
  describeSegment,
  type StoredBeside,
  storedKeys,
} from "./describe-stored.ts";
import { type Difference, sameJson } from "./difference.ts";
import { idFromName } from "./id-from-name.ts";
import { identifyRules } from "./identify-rules.ts";
import { planMeasures } from "./measured/plan-measures.ts";
import { rampField, resolveRamp } from "./measured/plan-ramps.ts";
import { planGroups } from "./plan-groups.ts";
import { type KindPlan, planKind } from "./plan-kind.ts";
import { resolveLife } from "./resolve-life.ts";
import { NOTHING_SAID, type Said, type SaidChange, saidById } from "./said.ts";
import { SEGMENT_FAULTS } from "./segment-faults.ts";
import { planNotificationRules } from "./told/plan-notification-rules.ts";

/** What planning needs from outside. */
export interface PlanOptions {
  /** Time that new and changed records get. */
  readonly now: Instant;
  /** Makes a new lower-case UUID. Not used where nothing was ever stored: see {@link planChange}. */
  readonly newId: () => string;
  /** Remove what is stored but not in the file. Default: keep it. */
  readonly prune?: boolean;
  /** What is stored besides the configuration. Default: nothing. */
  readonly said?: Said;
  /** Id of whoever applies the file, for the authors of experiments. */
  readonly author?: string;
}

/** What applying a file would do. */
export interface ChangePlan {
  readonly change: ConfigurationChange;
  /** What is to be written along with it. */
  readonly said: SaidChange;
  /** Differences between store and file: flags, then experiments, domains, segments, approver groups, measures and notification rules. */
  readonly summary: readonly Difference[];
  /** Whether there is nothing to write. */
  readonly empty: boolean;
}

/**
 * Compares a file with what is stored and works out the change that makes the store say what the file says. Things are
 * the same when their keys are (variants: names); they keep their ids, so that no subject moves because a file was
 * applied. Version and time change only where something differs.
 *
 * In an environment in which nothing was ever stored (revision 0), ids come from the names instead of `newId`, so that a
 * file decides the same for every subject on every machine it is first applied to. Later ids are new ones: a name used
 * again must not inherit what subjects did under the removed thing of that name.
 *
 * @throws LottyError `invalid_definition` when the file does not go together with an experiment that is kept though the
 * file does not state it, or its segments with those that are kept
 */
export function planChange(definitions: Definitions, configuration: Configuration, options: PlanOptions): ChangePlan {
  const { author, now, prune = false, said = NOTHING_SAID } = options;
  const details = saidById(said);
  const stamp = { now, newId: idsFor(configuration, options.newId) };
  const keys = storedKeys(configuration);

  const besides = ({ id }: Experiment): StoredBeside => {
    return { details: details.experiments.get(id), ramp: details.ramps.get(id) };
  };
  const storedFlags = new Map(configuration.flags.map((flag) => [flag.key, flag]));
  const flags = planKind({
    kind: "flag",
    wanted: definitions.flags.map((flag) =>
      identifyRules(flag, storedFlags.get(flag.key), (place) => stamp.newId("rule", flag.key, String(place))),
    ),
    stored: configuration.flags,
    prune,
    fields: flagFields,
    describe: (stored) => describeFlag(stored, details.flags.get(stored.id)),
    build: (wanted, stored) => buildFlag(wanted, stored, stamp),
  });
  const storedExperiments = new Map(configuration.experiments.map((experiment) => [experiment.key, experiment]));
  const wantedExperiments = definitions.experiments.map((wanted) => {
    const experiment = storedExperiments.get(wanted.key);
    const id = experiment?.id ?? "";
    const ramped = resolveRamp(wanted, { experiment, ramp: details.ramps.get(id) }, prune);
    return resolveLife(ramped, { experiment, details: details.experiments.get(id) }, now);
  });
  const experiments = planKind({
    kind: "experiment",
    wanted: wantedExperiments,
    stored: configuration.experiments,
    prune,
    fields: experimentFields,
    describe: (stored) => describeExperiment(stored, besides(stored), keys),
    build: (wanted, stored) => buildExperiment(wanted, stored, { ...stamp, flagId: idOf(flags, wanted.flag) }),
  });
  if (!prune) refuseMismatches(definitions, experiments.rest, keys.flags);
  const domains = planKind({
    kind: "domain",
    wanted: definitions.domains,
    stored: configuration.domains,
    prune,
    fields: domainFields,
    describe: (stored) => describeDomain(stored, keys),
    build: (wanted, stored) => buildDomain(wanted, stored, { ...stamp, experimentId: (key) => idOf(experiments, key) }),
  });

  const segments = planKind({
    kind: "segment",
    wanted: definitions.segments,
    stored: configuration.segments,
    prune,
    fields: segmentFields,
    describe: describeSegment,
    build: (wanted, stored) => buildSegment(wanted, stored, stamp),
  });
  refuseFaultySegments([...definitions.segments, ...(prune ? [] : segments.rest)]);

  const groups = planGroups({
    wanted: definitions.approverGroups,
    stored: said.approverGroups,
    people: said.people,
    prune,
    newId: (name) => stamp.newId("approver_group", name),
  });

  const measures = planMeasures({
    definitions,
    experiments: wantedExperiments,
    configuration,
    stored: said.measures,
    experimentId: (key) => idOf(experiments, key),
    prune,
    stamp,
  });
  const rules = planNotificationRules({
    wanted: definitions.notificationRules,
    stored: said.notifications,
    experimentKeys: keys.experiments,
    experimentId: (key) => experiments.idByKey.get(key),
    prune,
    stamp,
  });
  const notifications = {
    ...(rules.put.length > 0 && { putRules: rules.put }),
    ...(prune && rules.rest.length > 0 && { removeRuleIds: rules.rest.map(({ id }) => id) }),
  };

  const change: ConfigurationChange = {
    ...(flags.put.length > 0 && { putFlags: flags.put }),
    ...(experiments.put.length > 0 && { putExperiments: experiments.put }),
    ...(domains.put.length > 0 && { putDomains: domains.put }),
    ...(segments.put.length > 0 && { putSegments: segments.put }),
    ...(prune && flags.rest.length > 0 && { removeFlagIds: flags.rest.map(({ id }) => id) }),
    ...(prune && experiments.rest.length > 0 && { removeExperimentIds: experiments.rest.map(({ id }) => id) }),
    ...(prune && domains.rest.length > 0 && { removeDomainIds: domains.rest.map(({ id }) => id) }),
    ...(prune && segments.rest.length > 0 && { removeSegmentIds: segments.rest.map(({ id }) => id) }),
  };
  const putFlagDetails = flags.writes.flatMap(
    ({ record: flag, wanted }) => buildFlagDetails({ wanted, flag, stored: details.flags.get(flag.id), now }) ?? [],
  );
  const putExperimentDetails = experiments.writes.flatMap(({ before, record: experiment, wanted }) => {
    const stored = details.experiments.get(experiment.id);
    const rampChanges = !sameJson(rampField(wanted.ramp), rampField(before ? (besides(before).ramp ?? null) : null));
    return buildExperimentDetails({ wanted, experiment, before, stored, rampChanges, author }) ?? [];
  });
  const saidChange: SaidChange = {
    ...(putFlagDetails.length > 0 && { putFlagDetails }),
    ...(putExperimentDetails.length > 0 && { putExperimentDetails }),
    ...(groups.put.length > 0 && { putApproverGroups: groups.put }),
    ...(prune && groups.rest.length > 0 && { removeApproverGroupIds: groups.rest.map(({ id }) => id) }),
    ...measures.change,
    ...(Object.keys(notifications).length > 0 && { notifications }),
  };
  const kinds = [flags, experiments, domains, segments, groups, measures, rules];
  const summary = kinds.flatMap((plan) => plan.summary);
  const empty = Object.keys(change).length === 0 && Object.keys(saidChange).length === 0;
  return { change, said: saidChange, summary, empty };
}

function idsFor(
  { environmentId, revision }: Configuration,
  newId: () => string,
): (...name: readonly string[]) => string {
  return revision === 0 ? (kind = "", ...names) => idFromName([kind, environmentId, ...names]) : () => newId();
}

function idOf(plan: Pick<KindPlan<unknown, unknown>, "idByKey">, key: string): string {
  const id = plan.idByKey.get(key);
  if (id === undefined) throw new LottyError("internal", `definitions refer to \`${key}\`, which they do not state`);
  return id;
}

/** Kept experiments are not checked by the reader: it does not see them. */
function refuseMismatches(
  definitions: Definitions,
  kept: readonly Experiment[],
  flagKeys: ReadonlyMap<string, string>,
): void {
  const flagByKey = new Map(definitions.flags.map((flag) => [flag.key, flag]));
  const activeByFlag = new Map(
    definitions.experiments.filter(({ status }) => isActive(status)).map(({ flag, key }) => [flag, key]),
  );
  for (const experiment of kept) {
    const flag = flagByKey.get(flagKeys.get(experiment.flagId) ?? "");
    if (flag === undefined) continue;
    const rival = activeByFlag.get(flag.key);
    if (rival !== undefined && isActive(experiment.status)) {
      throw new LottyError(
        "invalid_definition",
        `\`${rival}\` cannot be active on the flag \`${flag.key}\`: \`${experiment.key}\`, which the file does not ` +
          `state, is ${experiment.status} on it. State that experiment as completed, or prune it`,
        { details: { flag: flag.key, experiment: rival, stored: experiment.key } },
      );
    }
    if (!experiment.variants.every(({ value }) => valueHasType(value, flag.type))) {
      throw new LottyError(
        "invalid_definition",
        `the flag \`${flag.key}\` cannot be of type ${flag.type}: \`${experiment.key}\`, which the file does not ` +
          "state, has variants of another type",
        { details: { flag: flag.key, stored: experiment.key } },
      );
    }
  }
}

/** Kept segments may name those of the file; the reader sees only the latter. */
function refuseFaultySegments(segments: readonly SegmentDefinition[]): void {
  const rules = new Map<string, Rule | null>();
  for (const { key, rule } of segments) {
    const parsed = parseRule(rule);
    if (parsed.ok) rules.set(key, parsed.rule);
  }
  const [faulty] = orderSegments(rules).faults;
  if (faulty === undefined) return;
  const [key, fault] = faulty;
  throw new LottyError("invalid_definition", `the segment \`${key}\` ${SEGMENT_FAULTS[fault]}`, {
    details: { segment: key, fault },
  });
}
