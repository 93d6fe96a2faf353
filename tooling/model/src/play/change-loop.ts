import { setTimeout as sleep } from "node:timers/promises";
import { SeededRandom } from "@lotty/faults/seeded-random";
import { changeDefinitions } from "../world/change-definitions.ts";
import type { ConfigurationHistory } from "../world/configuration-history.ts";
import type { DefinitionsChange } from "../world/definitions-change.ts";
import { ENVIRONMENTS, type EnvironmentKey, type PerEnvironment } from "../world/environments.ts";
import { firstDefinitions } from "../world/first-definitions.ts";
import { flagsGone, spreadFlags } from "../world/spread-flags.ts";
import { nextConfiguration, type ModelDefinitions } from "../oracle/configuration.ts";
import type { DefinitionsWriter } from "./definitions-writer.ts";

/** Pauses between changes, in milliseconds. */
const PAUSE_MILLIS = { least: 150, most: 2_500 };

/** Of all changes, those in another environment than production, and those that go through an API. */
const ELSEWHERE_SHARE = 0.25;
const API_SHARE = 0.5;

/** What changes are made with. */
export interface ChangeParts {
  readonly writer: DefinitionsWriter;
  readonly histories: PerEnvironment<ConfigurationHistory>;
}

/** Makes changes of the configuration, one after the other, and notes when each was current. */
export class ChangeLoop {
  readonly #random: SeededRandom;
  readonly #writer: DefinitionsWriter;
  readonly #histories: PerEnvironment<ConfigurationHistory>;
  #changes = 0;

  constructor(seed: number, { histories, writer }: ChangeParts) {
    this.#random = new SeededRandom(seed ^ 0x51ed270b);
    this.#writer = writer;
    this.#histories = histories;
  }

  /** Changes that were made. */
  get changes(): number {
    return this.#changes;
  }

  /** Writes the first configuration of an environment. */
  async begin(environment: EnvironmentKey): Promise<void> {
    const first = { definitions: firstDefinitions(this.#random), what: "the beginning" };
    await this.#write(environment, first, false);
  }

  /** Changes again and again until told to stop; the change in hand is finished. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pause = this.#random.between(PAUSE_MILLIS.least, PAUSE_MILLIS.most);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const environment = this.#random.next() < ELSEWHERE_SHARE ? ENVIRONMENTS[1] : ENVIRONMENTS[0];
      await this.#write(environment, this.#choose(environment), this.#random.next() < API_SHARE);
      this.#changes += 1;
    }
  }

  /** A flag that is on in another environment is not removed: the API refuses that. */
  #choose(environment: EnvironmentKey): DefinitionsChange {
    const before = this.#current(environment);
    for (;;) {
      const change = changeDefinitions(before, this.#random);
      const gone = flagsGone(before, change.definitions);
      const isOn = ENVIRONMENTS.filter((other) => other !== environment).some((other) =>
        this.#current(other).flags.some(({ enabled, key }) => gone.includes(key) && enabled !== false),
      );
      if (!isOn) return change;
    }
  }

  #current(environment: EnvironmentKey): ModelDefinitions {
    const newest = this.#histories[environment].newest;
    if (newest === undefined) throw new Error(`There is no first configuration of ${environment}.`);
    return newest.configuration.definitions;
  }

  async #write(
    environment: EnvironmentKey,
    { definitions, what }: DefinitionsChange,
    throughApi: boolean,
  ): Promise<void> {
    const history = this.#histories[environment];
    const before = history.newest?.configuration;
    const begunAt = Date.now();
    const idSeed = history.size * ENVIRONMENTS.length + ENVIRONMENTS.indexOf(environment);
    const written = { environment, definitions, after: before?.revision, idSeed };
    const revision = await (throughApi ? this.#writer.writeThroughApi(written) : this.#writer.writeToStore(written));
    const times = { begunAt, knownAt: Date.now() };
    const ids = await this.#writer.ids(environment);
    history.add({ configuration: nextConfiguration(before, { revision, definitions, ids }), what, ...times });
    if (before !== undefined) this.#spread(environment, before.definitions, { what, ...times });
  }

  /** Flags that come or go do so everywhere at once. */
  #spread(
    from: EnvironmentKey,
    before: ModelDefinitions,
    change: { readonly what: string; readonly begunAt: number; readonly knownAt: number },
  ): void {
    for (const environment of ENVIRONMENTS) {
      const newest = this.#histories[environment].newest?.configuration;
      if (environment === from || newest === undefined) continue;
      const definitions = spreadFlags({ before, after: this.#current(from) }, newest.definitions);
      if (definitions === null) continue;
      const { ids, revision } = newest;
      const configuration = nextConfiguration(newest, { revision: revision + 1, definitions, ids });
      this.#histories[environment].add({ ...change, configuration, what: `${change.what} in ${from}` });
    }
  }
}
