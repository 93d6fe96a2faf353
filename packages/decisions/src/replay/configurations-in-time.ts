import type { Configuration, ConfigurationHistory, RuleParser } from "@lotty/domain";
import { compileSnapshot, type Snapshot } from "@lotty/engine";
import type { ReplayConfiguration } from "./replay-decision.ts";

/** What earlier configurations are made from. */
export interface ConfigurationsInTimeOptions {
  readonly history: ConfigurationHistory;
  readonly parseRule: RuleParser;
}

/** Each is as large as the configuration that decisions are taken with. */
const MAX_KEPT = 4;

/** Earlier configurations, compiled. Keeps the last few that were asked for. */
export class ConfigurationsInTime {
  readonly #options: ConfigurationsInTimeOptions;
  /** By environment and revision; the one asked for last is at the end. */
  readonly #kept = new Map<string, Promise<ReplayConfiguration | null>>();

  constructor(options: ConfigurationsInTimeOptions) {
    this.#options = options;
  }

  /**
   * The configuration of a revision; `null` where it was not kept.
   *
   * @throws LottyError `database_unavailable`
   */
  at(environmentId: string, revision: number): Promise<ReplayConfiguration | null> {
    const key = `${environmentId} ${revision}`;
    const asked = this.#kept.get(key) ?? this.#make(environmentId, revision);
    this.#kept.delete(key);
    this.#kept.set(key, asked);
    // What could not be read is asked for again.
    asked.catch(() => this.#kept.delete(key));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return asked;
  }

  async #make(environmentId: string, revision: number): Promise<ReplayConfiguration | null> {
    const configuration = await this.#options.history.at(environmentId, revision);
    if (configuration === null) return null;
    const { parseRule } = this.#options;
    let bare: Snapshot | undefined;
    return {
      snapshot: compileSnapshot(configuration, { parseRule }),
      withoutRules: () => (bare ??= compileSnapshot(withoutRules(configuration), { parseRule })),
    };
  }
}

function withoutRules(configuration: Configuration): Configuration {
  return {
    ...configuration,
    flags: configuration.flags.map((flag) => ({ ...flag, rules: [] })),
    experiments: configuration.experiments.map((experiment) => ({ ...experiment, targetingRules: null })),
    domains: [],
    segments: [],
  };
}
