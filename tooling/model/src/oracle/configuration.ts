import type { ExperimentStatus, JsonValue } from "@lotty/domain";
import { ruleText, type Rule } from "./rule.ts";

/** A rule of a flag as it was defined; its rollout in hundredths of a percent. */
export interface ModelFlagRule {
  readonly id: string;
  readonly rule: Rule | null;
  readonly value: JsonValue;
  readonly rollout: number;
}

/** A flag as it was defined. */
export interface ModelFlag {
  readonly key: string;
  readonly type: "boolean" | "string" | "number" | "json";
  readonly default: JsonValue;
  /** Whether the kill switch lets it decide; so it is when left out. */
  readonly enabled?: boolean;
  readonly rules?: readonly ModelFlagRule[];
}

/** A variant as it was defined; its weight in hundredths. */
export interface ModelVariant {
  readonly name: string;
  readonly value: JsonValue;
  readonly weight: number;
}

/** An experiment as it was defined; its allocation in hundredths of a percent. */
export interface ModelExperiment {
  readonly key: string;
  readonly flag: string;
  readonly status: ExperimentStatus;
  readonly rule: Rule | null;
  readonly traffic: number;
  readonly sticky: boolean;
  /** Only of one that is paused. */
  readonly rolledBack: boolean;
  readonly variants: readonly ModelVariant[];
}

/** A conflict domain as it was defined. */
export interface ModelDomain {
  readonly key: string;
  readonly members: readonly { readonly experiment: string; readonly priority: number }[];
}

/** A rule by name, which others ask for. */
export interface ModelSegment {
  readonly key: string;
  readonly rule: Rule;
}

/** All that a definitions file says. */
export interface ModelDefinitions {
  readonly flags: readonly ModelFlag[];
  readonly experiments: readonly ModelExperiment[];
  readonly domains: readonly ModelDomain[];
  readonly segments: readonly ModelSegment[];
}

/** The ids that the store gave to what has names. */
export interface ModelIds {
  readonly experiments: ReadonlyMap<string, string>;
  /** By the key of the experiment and the name of the variant: see {@link variantKey}. */
  readonly variants: ReadonlyMap<string, string>;
  readonly domains: ReadonlyMap<string, string>;
}

/** Name of the variant that is the control, where there is one. */
export const CONTROL = "control";

/** One revision of the configuration. */
export interface ModelConfiguration {
  readonly revision: number;
  readonly definitions: ModelDefinitions;
  readonly ids: ModelIds;
  /** The revision in which each flag, experiment or segment last changed, by its kind and key: see {@link stampOf}. */
  readonly stamps: ReadonlyMap<string, number>;
}

/** How {@link ModelIds.variants} names a variant. */
export function variantKey(experiment: string, variant: string): string {
  return `${experiment}/${variant}`;
}

/** The revision in which something last changed. */
export function stampOf(
  configuration: ModelConfiguration,
  kind: "flag" | "experiment" | "segment",
  key: string,
): number {
  return configuration.stamps.get(`${kind} ${key}`) ?? -1;
}

/** The next revision: what is as it was before keeps its stamp. */
export function nextConfiguration(
  before: ModelConfiguration | undefined,
  next: Omit<ModelConfiguration, "stamps">,
): ModelConfiguration {
  const stamps = new Map<string, number>();
  const kinds = [
    ["flag", next.definitions.flags, before?.definitions.flags ?? []],
    ["experiment", next.definitions.experiments, before?.definitions.experiments ?? []],
    ["segment", next.definitions.segments, before?.definitions.segments ?? []],
  ] as const;
  for (const [kind, now, then] of kinds) {
    const texts = new Map(then.map((each) => [each.key, JSON.stringify(each)]));
    for (const each of now) {
      const name = `${kind} ${each.key}`;
      const same = texts.get(each.key) === JSON.stringify(each);
      stamps.set(name, same ? (before?.stamps.get(name) ?? next.revision) : next.revision);
    }
  }
  return { ...next, stamps };
}

/**
 * The definitions as `lotty apply` takes them.
 *
 * @param eventTypes keys of the event types to be stated besides: a file that is applied with `--prune` archives all others
 */
export function definitionsText(
  { domains, experiments, flags, segments }: ModelDefinitions,
  eventTypes: readonly string[] = [],
): string {
  return JSON.stringify({
    ...(eventTypes.length > 0 && { event_types: eventTypes.map((key) => ({ key })) }),
    flags: flags.map(({ rules = [], ...rest }) => ({
      ...rest,
      rules: rules.map(({ id, rollout, rule, value }) => ({
        id,
        ...(rule !== null && { if: ruleText(rule) }),
        value,
        rollout: decimal(rollout),
      })),
    })),
    experiments: experiments.map(({ rolledBack, rule, traffic, variants, ...rest }) => ({
      ...rest,
      rolled_back: rolledBack,
      ...(rule !== null && { targeting: ruleText(rule) }),
      traffic: decimal(traffic),
      variants: variants.map(({ weight, ...variant }) => ({
        ...variant,
        weight: decimal(weight),
        control: variant.name === CONTROL,
      })),
    })),
    domains,
    segments: Object.fromEntries(segments.map(({ key, rule }) => [key, ruleText(rule)])),
  });
}

function decimal(hundredths: number): string {
  return (hundredths / 100).toFixed(2);
}
