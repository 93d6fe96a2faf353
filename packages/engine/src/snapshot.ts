import { isActive, type Configuration, type Flag, type RuleParser } from "@lotty/domain";
import { compileDomains } from "./compile-domains.ts";
import { compileExperiment, type CompiledExperiment } from "./compile-experiment.ts";
import { defaultOutcome, type Outcome } from "./outcome.ts";

/** A flag made ready to be decided. */
export interface CompiledFlag {
  readonly flag: Flag;
  /** The flag's running experiment. */
  readonly running: CompiledExperiment | null;
  /** The outcome while no experiment runs. */
  readonly withoutExperiment: Outcome;
}

/** The configuration of one environment at one revision, compiled. Immutable; shared by all decisions. */
export interface Snapshot {
  readonly environmentId: string;
  readonly revision: number;
  readonly flags: ReadonlyMap<string, CompiledFlag>;
  /** Experiments of every status by id. */
  readonly experiments: ReadonlyMap<string, CompiledExperiment>;
}

/** What compiling needs besides the configuration. */
export interface CompileOptions {
  readonly parseRule: RuleParser;
  /** An earlier snapshot: experiments that have not changed since keep their compiled rules. */
  readonly previous?: Snapshot;
}

/**
 * Compiles a configuration. Rules are parsed and compiled here, once per revision of their experiment; a rule that does
 * not parse takes nobody. Linear in the size of the configuration.
 */
export function compileSnapshot(configuration: Configuration, options: CompileOptions): Snapshot {
  const flagsById = new Map(configuration.flags.map((flag) => [flag.id, flag]));
  const experiments = new Map<string, CompiledExperiment>();
  const runningByFlagId = new Map<string, CompiledExperiment>();
  for (const experiment of configuration.experiments) {
    const flag = flagsById.get(experiment.flagId);
    if (flag === undefined) continue;
    const previous = options.previous?.experiments.get(experiment.id);
    const compiled = compileExperiment({ flag, experiment }, options.parseRule, previous);
    experiments.set(experiment.id, compiled);
    // At most one experiment of a flag is active, so a paused one leaves the flag without a running one.
    if (isActive(experiment.status) && experiment.status === "running") runningByFlagId.set(flag.id, compiled);
  }
  compileDomains(configuration.domains, experiments);
  const flags = new Map<string, CompiledFlag>();
  for (const flag of configuration.flags) {
    const withoutExperiment = defaultOutcome(flag, "no_active_experiment");
    flags.set(flag.key, { flag, running: runningByFlagId.get(flag.id) ?? null, withoutExperiment });
  }
  return { environmentId: configuration.environmentId, revision: configuration.revision, flags, experiments };
}
