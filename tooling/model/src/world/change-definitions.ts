import type { ExperimentStatus } from "@lotty/domain";
import type { SeededRandom } from "@lotty/faults/seeded-random";
import type { ModelDefinitions, ModelDomain, ModelExperiment } from "../oracle/configuration.ts";
import { LASTING_FLAGS, PASSING_FLAGS, PAST_EXPERIMENT, randomTraffic, randomVariants } from "./first-definitions.ts";
import { changeFlagRules } from "./change-flag-rules.ts";
import { changeSegment } from "./change-segment.ts";
import type { Change, DefinitionsChange } from "./definitions-change.ts";
import { randomRule } from "./random-rule.ts";
import { randomValue } from "./random-value.ts";

/** How often each kind of change comes. */
const CHANGES: readonly (readonly [weight: number, change: Change])[] = [
  [6, changeStatus],
  [3, handOver],
  [3, changeTraffic],
  [4, changeVariants],
  [3, changeRule],
  [1, changeSticky],
  [2, changeDefault],
  [2, changeSwitch],
  [1, comeOrGo],
  [4, changeDomain],
  [6, changeFlagRules],
  [4, changeSegment],
];

/** Changes one thing, at times two. Always differs from what was before. */
export function changeDefinitions(before: ModelDefinitions, random: SeededRandom): DefinitionsChange {
  const count = random.next() < 0.2 ? 2 : 1;
  let changed: DefinitionsChange = { definitions: before, what: "" };
  for (let step = 0; step < count || same(changed.definitions, before); step += 1) {
    const { definitions, what } = pickChange(random)(changed.definitions, random);
    changed = { definitions, what: changed.what === "" ? what : `${changed.what}; ${what}` };
  }
  return changed;
}

/** Whether two definitions mean the same: flags, segments, and members of a domain, have no order. */
function same(one: ModelDefinitions, other: ModelDefinitions): boolean {
  return JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));
}

function inOrder({ domains, experiments, flags, segments }: ModelDefinitions): ModelDefinitions {
  return {
    flags: flags.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    segments: segments.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    experiments,
    domains: domains.map(({ key, members }) => ({
      key,
      members: members.toSorted((a, b) => (a.experiment < b.experiment ? -1 : 1)),
    })),
  };
}

function pickChange(random: SeededRandom): Change {
  let point = random.between(
    1,
    CHANGES.reduce((sum, [weight]) => sum + weight, 0),
  );
  for (const [weight, change] of CHANGES) {
    point -= weight;
    if (point <= 0) return change;
  }
  return changeStatus;
}

function pickExperiment(definitions: ModelDefinitions, random: SeededRandom): ModelExperiment {
  return random.pick(definitions.experiments.filter(({ key }) => key !== PAST_EXPERIMENT));
}

function put(definitions: ModelDefinitions, ...experiments: readonly ModelExperiment[]): ModelDefinitions {
  const byKey = new Map(experiments.map((experiment) => [experiment.key, experiment]));
  return { ...definitions, experiments: definitions.experiments.map((each) => byKey.get(each.key) ?? each) };
}

function rivalOf(definitions: ModelDefinitions, { flag, key }: ModelExperiment): ModelExperiment | undefined {
  return definitions.experiments.find(
    (each) => each.flag === flag && each.key !== key && (each.status === "running" || each.status === "paused"),
  );
}

/** Starts, pauses, resumes, withdraws or ends an experiment. Ends are rare, because whoever was in it rests for a week. */
function changeStatus(definitions: ModelDefinitions, random: SeededRandom): DefinitionsChange {
  const experiment = pickExperiment(definitions, random);
  const free = rivalOf(definitions, experiment) === undefined;
  const status = nextStatus(experiment.status, free, random);
  const rolledBack = status === "paused" && random.next() < 0.5;
  const what = `${experiment.key} ${rolledBack ? "is rolled back" : `becomes ${status}`}`;
  return { definitions: put(definitions, { ...experiment, status, rolledBack }), what };
}

function nextStatus(status: ExperimentStatus, free: boolean, random: SeededRandom): ExperimentStatus {
  switch (status) {
    case "running":
      return random.pick(["paused", "paused", "paused", "paused", "draft", "draft", "completed"]);
    case "paused":
      return random.pick(["running", "running", "running", "running", "approved"]);
    case "completed":
    case "archived":
      return free ? random.pick(["running", "draft"]) : "rejected";
    default:
      return free ? "running" : random.pick(["draft", "in_review", "approved", "rejected"]);
  }
}

/** One experiment of a flag ends and the other begins, in the same change. */
function handOver(definitions: ModelDefinitions, random: SeededRandom): DefinitionsChange {
  const experiment = pickExperiment(definitions, random);
  const rival = rivalOf(definitions, experiment);
  const started: ModelExperiment = { ...experiment, status: "running", rolledBack: false };
  const ended = rival === undefined ? [] : [{ ...rival, status: "draft" as const, rolledBack: false }];
  return { definitions: put(definitions, started, ...ended), what: `${experiment.key} takes over` };
}

function changeTraffic(definitions: ModelDefinitions, random: SeededRandom): DefinitionsChange {
  const experiment = pickExperiment(definitions, random);
  const traffic = randomTraffic(random);
  return { definitions: put(definitions, { ...experiment, traffic }), what: `traffic of ${experiment.key}` };
}

function changeVariants(definitions: ModelDefinitions, random: SeededRandom): DefinitionsChange {
  const experiment = pickExperiment(definitions, random);
  const flag = LASTING_FLAGS.find(({ key }) => key === experiment.flag) ?? random.pick(LASTING_FLAGS);
  const variants =
    random.next() < 0.6
      ? experiment.variants.map((variant) => ({ ...variant, weight: random.between(1, 9_999) }))
      : randomVariants(flag, random);
  return { definitions: put(definitions, { ...experiment, variants }), what: `variants of ${experiment.key}` };
}

function changeRule(definitions: ModelDefinitions, random: SeededRandom): DefinitionsChange {
  const experiment = pickExperiment(definitions, random);
  const segments = definitions.segments.map(({ key }) => key);
  return {
    definitions: put(definitions, { ...experiment, rule: randomRule(random, segments) }),
    what: `rule of ${experiment.key}`,
  };
}

function changeSticky(definitions: ModelDefinitions, random: SeededRandom): DefinitionsChange {
  const experiment = pickExperiment(definitions, random);
  const what = `${experiment.key} becomes ${experiment.sticky ? "loose" : "sticky"}`;
  return { definitions: put(definitions, { ...experiment, sticky: !experiment.sticky }), what };
}

function changeDefault(definitions: ModelDefinitions, random: SeededRandom): DefinitionsChange {
  const chosen = random.pick(definitions.flags);
  const flags = definitions.flags.map((flag) =>
    flag === chosen ? { ...flag, default: randomValue(flag, random) } : flag,
  );
  return { definitions: { ...definitions, flags }, what: `default of ${chosen.key}` };
}

/** Flags that are off are soon on again, so that experiments have subjects. */
function changeSwitch(definitions: ModelDefinitions, random: SeededRandom): DefinitionsChange {
  const off = definitions.flags.filter(({ enabled }) => enabled === false);
  const chosen = random.pick(off.length > 0 && random.next() < 0.7 ? off : definitions.flags);
  const enabled = chosen.enabled === false;
  const { enabled: _, ...on } = chosen;
  const flags = definitions.flags.map((flag) => (flag === chosen ? { ...on, ...(!enabled && { enabled }) } : flag));
  return { definitions: { ...definitions, flags }, what: `${chosen.key} is switched ${enabled ? "on" : "off"}` };
}

function comeOrGo(definitions: ModelDefinitions, random: SeededRandom): DefinitionsChange {
  const passing = random.pick(PASSING_FLAGS);
  const there = definitions.flags.some(({ key }) => key === passing.key);
  const flags = there ? definitions.flags.filter(({ key }) => key !== passing.key) : [...definitions.flags, passing];
  return { definitions: { ...definitions, flags }, what: `${passing.key} ${there ? "goes" : "comes"}` };
}

/** A member joins, leaves or changes its priority; at times a domain is made anew, with another id. */
function changeDomain(definitions: ModelDefinitions, random: SeededRandom): DefinitionsChange {
  const domain = random.pick(definitions.domains);
  if (random.next() < 0.1) {
    const renamed: ModelDomain = {
      ...domain,
      key: `${domain.key.split(".")[0] ?? ""}.${String(random.between(1, 999))}`,
    };
    return { definitions: replaceDomain(definitions, domain, renamed), what: `${domain.key} becomes ${renamed.key}` };
  }
  const { key } = pickExperiment(definitions, random);
  const others = domain.members.filter(({ experiment }) => experiment !== key);
  const leaves = others.length < domain.members.length && others.length > 1 && random.next() < 0.5;
  const members = leaves ? others : [...others, { experiment: key, priority: random.between(-1, 2) }];
  const what = leaves ? `${key} leaves ${domain.key}` : `${key} in ${domain.key}`;
  return { definitions: replaceDomain(definitions, domain, { ...domain, members }), what };
}

function replaceDomain(definitions: ModelDefinitions, from: ModelDomain, to: ModelDomain): ModelDefinitions {
  return { ...definitions, domains: definitions.domains.map((each) => (each === from ? to : each)) };
}
