import type { Configuration, Flag, RuleParser } from "@lotty/domain";
import { compileDomains } from "./compile-domains.ts";
import { compileExperiment, type CompiledExperiment } from "./compile-experiment.ts";
import { compileSegments, type CompiledSegments } from "./compile-segments.ts";
import type { RuleSurroundings } from "./compile-targeting.ts";
import { compileFlagRules, type CompiledFlagRules } from "./flag-rules.ts";
import { defaultOutcome, type Outcome } from "./outcome.ts";
import { compileRolledBack, type RolledBack } from "./rolled-back.ts";
import { untouchedFlags } from "./untouched-flags.ts";

/** A flag made ready to be decided. */
export interface CompiledFlag {
  readonly flag: Flag;
  /** The flag's running experiment; none while the flag is disabled. */
  readonly running: CompiledExperiment | null;
  /** The flag's experiment that is rolled back; none while the flag is disabled. */
  readonly rolledBack: RolledBack | null;
  /** The flag's rules; `null` when there is none to be asked, as while the flag is disabled. */
  readonly rules: CompiledFlagRules | null;
  /** The outcome while no experiment runs or the flag is disabled. */
  readonly withoutExperiment: Outcome;
}

/** The configuration of one environment at one revision, compiled. Immutable; shared by all decisions. */
export interface Snapshot {
  readonly environmentId: string;
  readonly revision: number;
  readonly flags: ReadonlyMap<string, CompiledFlag>;
  /** Experiments of every status by id. */
  readonly experiments: ReadonlyMap<string, CompiledExperiment>;
  readonly segments: CompiledSegments;
}

/** What compiling needs besides the configuration. */
export interface CompileOptions {
  readonly parseRule: RuleParser;
  /** An earlier snapshot: rules that have not changed since are taken over. */
  readonly previous?: Snapshot;
}

/**
 * Compiles a configuration. Rules are parsed and compiled here, once per revision of their experiment; a rule that does
 * not parse takes nobody. Linear in the size of the configuration; flags of which nothing has changed are taken over as they are.
 */
export function compileSnapshot(configuration: Configuration, options: CompileOptions): Snapshot {
  const { parseRule, previous } = options;
  const segments = compileSegments(configuration.segments, parseRule, previous?.segments);
  const surroundings: RuleSurroundings = { parseRule, segments, segmentsKept: segments === previous?.segments };
  const untouched =
    previous !== undefined && surroundings.segmentsKept ? untouchedFlags(configuration, previous) : NO_FLAGS;
  const flagsById = new Map(
    configuration.flags.map((flag) => {
      const earlier = previous?.flags.get(flag.key)?.rules ?? null;
      const flagRules = untouched.has(flag.id) ? earlier : compileFlagRules(flag, surroundings, earlier);
      return [flag.id, { flag, flagRules }];
    }),
  );
  const experiments = new Map<string, CompiledExperiment>();
  const runningByFlagId = new Map<string, CompiledExperiment>();
  const rolledBackByFlagId = new Map<string, RolledBack>();
  for (const experiment of configuration.experiments) {
    const about = flagsById.get(experiment.flagId);
    if (about === undefined) continue;
    const earlier = previous?.experiments.get(experiment.id);
    const compiled =
      earlier !== undefined && untouched.has(experiment.flagId)
        ? earlier
        : compileExperiment({ ...about, experiment }, surroundings, earlier);
    experiments.set(experiment.id, compiled);
    // At most one experiment of a flag is active, so a paused one leaves the flag without a running one.
    if (compiled.running) runningByFlagId.set(experiment.flagId, compiled);
    const rolledBack = compileRolledBack(compiled);
    if (rolledBack !== null) rolledBackByFlagId.set(experiment.flagId, rolledBack);
  }
  compileDomains(configuration.domains, experiments);
  const flags = new Map<string, CompiledFlag>();
  for (const { flag, flagRules } of flagsById.values()) {
    const earlier = untouched.has(flag.id) ? previous?.flags.get(flag.key) : undefined;
    flags.set(
      flag.key,
      earlier ?? {
        flag,
        running: runningByFlagId.get(flag.id) ?? null,
        rolledBack: rolledBackByFlagId.get(flag.id) ?? null,
        rules: flagRules,
        withoutExperiment: defaultOutcome(flag, flag.enabled ? "no_active_experiment" : "flag_disabled"),
      },
    );
  }
  const { environmentId, revision } = configuration;
  return { environmentId, revision, flags, experiments, segments };
}

const NO_FLAGS: ReadonlySet<string> = new Set();
