/**
 * The gates of docs/decision-semantics.md, written down a second time, plainly and slowly. It shares no code with the engine
 * on purpose: what both get wrong must be wrong in the page that both were written from.
 */
import type { DecisionReason, JsonObject, JsonValue } from "@lotty/domain";
import { BUCKETS, bucket } from "./bucket.ts";
import {
  CONTROL,
  variantKey,
  type ModelConfiguration,
  type ModelDomain,
  type ModelExperiment,
} from "./configuration.ts";
import { ruledValue } from "./flag-rules.ts";
import { test } from "./rule.ts";

/** That a subject takes part in an experiment. Times in milliseconds. */
export interface Holding {
  readonly experimentId: string;
  readonly variantId: string;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Who is decided for, when, and with which past. */
export interface Asker {
  readonly subject: string;
  readonly attributes: JsonObject;
  readonly history: readonly Holding[];
  readonly now: number;
}

/** What an answer has to say. */
export interface Expected {
  readonly reason: DecisionReason;
  readonly value: JsonValue;
  readonly experimentId: string | null;
  readonly variantId: string | null;
  /** The rule of the flag that gave the value. */
  readonly ruleId: string | null;
}

const NOTHING = { experimentId: null, variantId: null, ruleId: null };

const PARTICIPATION_LIMIT = 3;
const COOLDOWN_MILLIS = 7 * 24 * 60 * 60 * 1_000;

/** The decision on a flag. */
export function decide(configuration: ModelConfiguration, flagKey: string, asker: Asker): Expected {
  const { definitions } = configuration;
  const flag = definitions.flags.find(({ key }) => key === flagKey);
  if (flag === undefined) return { ...NOTHING, reason: "flag_not_found", value: null };
  if (flag.enabled === false) return { ...NOTHING, reason: "flag_disabled", value: flag.default };
  const experiment = definitions.experiments.find(({ flag: of, status }) => of === flagKey && status === "running");
  if (experiment === undefined) {
    const control = controlOfRolledBack(configuration, flagKey, asker);
    const given = control === undefined ? ruledValue(definitions, flag, asker) : { value: control };
    return { ...NOTHING, reason: "no_active_experiment", ...given };
  }
  const kept = keptVariant(configuration, experiment, asker.history);
  if (kept !== null) return kept;
  const refused = (reason: DecisionReason): Expected => ({
    ...ruledValue(definitions, flag, asker),
    reason,
    experimentId: experimentId(configuration, experiment.key),
    variantId: null,
  });
  if (!isMeant(configuration, experiment, asker.attributes)) return refused("targeting_mismatch");
  const blocked = refusalByHistory(configuration, experiment, asker);
  if (blocked !== null) return refused(blocked);
  if (!isAllocated(configuration, experiment, asker.subject)) return refused("outside_traffic_allocation");
  return drawn(configuration, experiment, asker.subject) ?? refused("no_variants");
}

/** What the rolled-back experiment of a flag gives to whom it would take; `undefined` where it gives nothing. */
function controlOfRolledBack(configuration: ModelConfiguration, flagKey: string, asker: Asker): JsonValue | undefined {
  const experiment = configuration.definitions.experiments.find(
    ({ flag: of, rolledBack }) => of === flagKey && rolledBack,
  );
  if (experiment === undefined || !isMeant(configuration, experiment, asker.attributes)) return undefined;
  if (!isAllocated(configuration, experiment, asker.subject)) return undefined;
  return experiment.variants.find(({ name }) => name === CONTROL)?.value;
}

/** What stands in the way of entering an experiment that has to do with other experiments: gates 4 and 5. */
export function refusalByHistory(
  configuration: ModelConfiguration,
  experiment: ModelExperiment,
  asker: Asker,
): "participation_limit" | "domain_conflict" | null {
  if (!mayParticipate(configuration, experiment, asker)) return "participation_limit";
  const domains = configuration.definitions.domains.filter((domain) => isMember(domain, experiment.key));
  for (const domain of domains) {
    const winner = holderOf(configuration, domain, asker.history) ?? strongestCandidate(configuration, domain, asker);
    if (winner !== null && winner !== experiment.key) return "domain_conflict";
  }
  return null;
}

/** The active member of a domain that holds a subject: the one with the earliest first assignment. */
export function holderOf(
  configuration: ModelConfiguration,
  domain: ModelDomain,
  history: readonly Holding[],
): string | null {
  const holders = history
    .map((holding) => ({ holding, experiment: experimentById(configuration, holding.experimentId) }))
    .flatMap(({ holding, experiment }) => (experiment === undefined ? [] : [{ holding, experiment }]))
    .filter(({ experiment }) => isMember(domain, experiment.key) && isActive(experiment))
    .sort((a, b) => a.holding.firstAt - b.holding.firstAt || compare(a.holding.experimentId, b.holding.experimentId));
  return holders[0]?.experiment.key ?? null;
}

/** The variant that the bucket of a subject draws, as a decision; `null` without variants. */
export function drawn(
  configuration: ModelConfiguration,
  experiment: ModelExperiment,
  subject: string,
): Expected | null {
  const id = experimentId(configuration, experiment.key);
  const total = experiment.variants.reduce((sum, { weight }) => sum + weight, 0);
  const point = bucket(subject, id, "variant") * total;
  let cumulative = 0;
  // Names of the model are plain ASCII, for which this is the order of code points.
  for (const variant of [...experiment.variants].sort((a, b) => compare(a.name, b.name))) {
    cumulative += variant.weight;
    if (point < cumulative * BUCKETS) return assigned(configuration, experiment, variant.name);
  }
  const last = experiment.variants.at(-1);
  return last === undefined ? null : assigned(configuration, experiment, last.name);
}

/** The variant that an earlier assignment keeps in a sticky experiment, as a decision. */
export function keptVariant(
  configuration: ModelConfiguration,
  experiment: ModelExperiment,
  history: readonly Holding[],
): Expected | null {
  if (!experiment.sticky) return null;
  const id = experimentId(configuration, experiment.key);
  const holding = history.find((each) => each.experimentId === id);
  if (holding === undefined) return null;
  const variant = experiment.variants.find(
    ({ name }) => configuration.ids.variants.get(variantKey(experiment.key, name)) === holding.variantId,
  );
  return variant === undefined ? null : assigned(configuration, experiment, variant.name);
}

/** The experiment with an id. */
export function experimentById(configuration: ModelConfiguration, id: string): ModelExperiment | undefined {
  return configuration.definitions.experiments.find(({ key }) => configuration.ids.experiments.get(key) === id);
}

function mayParticipate(configuration: ModelConfiguration, experiment: ModelExperiment, asker: Asker): boolean {
  let active = 0;
  for (const { experimentId: id, lastAt } of asker.history) {
    const other = experimentById(configuration, id);
    if (other === undefined || other.key === experiment.key) continue;
    if (isActive(other)) active += 1;
    const concluded = other.status === "completed" || other.status === "archived";
    if (concluded && asker.now - lastAt <= COOLDOWN_MILLIS) return false;
  }
  return active < PARTICIPATION_LIMIT;
}

function strongestCandidate(configuration: ModelConfiguration, domain: ModelDomain, asker: Asker): string | null {
  const domainId = configuration.ids.domains.get(domain.key) ?? "";
  const candidates = domain.members
    .flatMap(({ experiment: key, priority }) => {
      const experiment = configuration.definitions.experiments.find((each) => each.key === key);
      if (experiment?.status !== "running" || isSwitchedOff(configuration, experiment)) return [];
      if (!isMeant(configuration, experiment, asker.attributes)) return [];
      if (!isAllocated(configuration, experiment, asker.subject)) return [];
      const id = experimentId(configuration, key);
      return [{ key, id, priority, tie: bucket(asker.subject, id, `domain:${domainId}`) }];
    })
    .sort((a, b) => b.priority - a.priority || a.tie - b.tie || compare(a.id, b.id));
  return candidates[0]?.key ?? null;
}

/** Whether the flag of an experiment is disabled: then it is to other experiments what a paused one is. */
function isSwitchedOff({ definitions }: ModelConfiguration, experiment: ModelExperiment): boolean {
  return definitions.flags.some(({ enabled, key }) => key === experiment.flag && enabled === false);
}

function isMeant({ definitions }: ModelConfiguration, { rule }: ModelExperiment, attributes: JsonObject): boolean {
  return rule === null || test(rule, attributes, definitions.segments) === "true";
}

function isAllocated(configuration: ModelConfiguration, { key, traffic }: ModelExperiment, subject: string): boolean {
  return bucket(subject, experimentId(configuration, key), "allocation") < traffic;
}

function isActive({ status }: ModelExperiment): boolean {
  return status === "running" || status === "paused";
}

function isMember(domain: ModelDomain, experiment: string): boolean {
  return domain.members.some((member) => member.experiment === experiment);
}

function assigned(configuration: ModelConfiguration, experiment: ModelExperiment, variant: string): Expected {
  const found = experiment.variants.find(({ name }) => name === variant);
  return {
    reason: "experiment_assigned",
    value: found?.value ?? null,
    experimentId: experimentId(configuration, experiment.key),
    variantId: configuration.ids.variants.get(variantKey(experiment.key, variant)) ?? null,
    ruleId: null,
  };
}

function experimentId(configuration: ModelConfiguration, key: string): string {
  const id = configuration.ids.experiments.get(key);
  if (id === undefined) throw new Error(`Revision ${String(configuration.revision)} has no experiment ${key}.`);
  return id;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
