import type { SeededRandom } from "@lotty/faults/seeded-random";
import type {
  ModelDefinitions,
  ModelExperiment,
  ModelFlag,
  ModelSegment,
  ModelVariant,
} from "../oracle/configuration.ts";
import { randomFlagRule } from "./random-flag-rule.ts";
import { randomRule } from "./random-rule.ts";
import { randomValue } from "./random-value.ts";

/** Flags that are always there. Each has two experiments, of which one may be active. */
export const LASTING_FLAGS: readonly ModelFlag[] = [
  { key: "button", type: "string", default: "grey" },
  { key: "price", type: "number", default: 20 },
  { key: "chat", type: "boolean", default: false },
  { key: "layout", type: "json", default: { columns: 2, parts: ["a", "b"] } },
  { key: "header", type: "string", default: "plain" },
  { key: "limit", type: "number", default: 1.5 },
  { key: "banner", type: "string", default: "" },
];

/** Flags that come and go, and never have an experiment. */
export const PASSING_FLAGS: readonly ModelFlag[] = [
  { key: "visitor", type: "boolean", default: true },
  { key: "guest", type: "json", default: null },
];

/** Segments that are always there. Each may ask for those after it, so that there is never a circle. */
export const LASTING_SEGMENTS = ["insiders", "customers", "locals"];

/** A segment that comes and goes, as long as nobody asks for it. */
export const PASSING_SEGMENT = "visitors";

/** An experiment that is over before the first request. Some subjects were in it: see {@link pastDays}. */
export const PAST_EXPERIMENT = "long-ago";

const NAMES = ["control", "a", "b", "Z", "c2", "c10"];
const WEIGHTS = [5_000, 2_500, 100, 3_333, 1, 0, 12_345];

/** How many days ago a subject was last decided for in the experiment that is over; `null` when it never was. */
export function pastDays(subjectNumber: number): number | null {
  if (subjectNumber % 20 === 3) return 8;
  return subjectNumber % 20 === 7 ? 6.9 : null;
}

/** What the run begins with. */
export function firstDefinitions(random: SeededRandom): ModelDefinitions {
  const experiments = LASTING_FLAGS.flatMap((flag, index): readonly ModelExperiment[] => {
    const first = newExperiment(flag, 1, random);
    const second = newExperiment(flag, 2, random);
    return [{ ...first, status: index === 6 ? "draft" : "running" }, second];
  });
  const past: ModelExperiment = {
    key: PAST_EXPERIMENT,
    flag: "banner",
    status: "archived",
    rule: null,
    traffic: 10_000,
    sticky: true,
    rolledBack: false,
    variants: [{ name: "control", value: "was", weight: 100 }],
  };
  return {
    flags: [...LASTING_FLAGS, ...PASSING_FLAGS].map((flag) => ({
      ...flag,
      rules: Array.from({ length: random.between(0, 2) }, () => randomFlagRule(flag, random, LASTING_SEGMENTS)),
    })),
    segments: LASTING_SEGMENTS.map((key) => randomSegment(key, random)),
    experiments: [...experiments, past],
    domains: [
      { key: "top", members: members(["button-1", "header-1", "layout-1"], random) },
      { key: "money", members: members(["price-1", "price-2", "limit-1"], random) },
      { key: "crossing", members: members(["header-1", "limit-1", "chat-2"], random) },
    ],
  };
}

/** A segment whose rule asks for no segment before it. */
export function randomSegment(key: string, random: SeededRandom): ModelSegment {
  const place = LASTING_SEGMENTS.indexOf(key);
  const others = place < 0 ? [] : LASTING_SEGMENTS.slice(place + 1);
  return { key, rule: randomRule(random, others) ?? { kind: "exists", attribute: "plan" } };
}

function members(keys: readonly string[], random: SeededRandom): readonly { experiment: string; priority: number }[] {
  return keys.map((experiment) => ({ experiment, priority: random.between(0, 2) }));
}

function newExperiment(flag: ModelFlag, number: number, random: SeededRandom): ModelExperiment {
  return {
    key: `${flag.key}-${String(number)}`,
    flag: flag.key,
    status: "draft",
    rule: randomRule(random, LASTING_SEGMENTS),
    traffic: randomTraffic(random),
    sticky: random.next() < 0.5,
    rolledBack: false,
    variants: randomVariants(flag, random),
  };
}

/** Mostly much, often everybody, sometimes nobody. */
export function randomTraffic(random: SeededRandom): number {
  const dice = random.next();
  if (dice < 0.4) return 10_000;
  return dice < 0.45 ? 0 : random.between(2_000, 9_999);
}

/** One to four variants of which at least one can be drawn; rarely none at all. */
export function randomVariants(flag: ModelFlag, random: SeededRandom): readonly ModelVariant[] {
  if (random.next() < 0.05) return [];
  const names = NAMES.slice(0, random.between(1, 4));
  const variants = names.map((name) => ({ name, value: randomValue(flag, random), weight: random.pick(WEIGHTS) }));
  if (random.next() < 0.5) variants.reverse();
  return variants.some(({ weight }) => weight > 0) ? variants : variants.map((variant) => ({ ...variant, weight: 50 }));
}
