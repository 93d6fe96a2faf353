import type { Configuration, Environment } from "@lotty/domain";
import type { ControlPorts } from "./command.ts";

/** Another environment than that of a command, with its configuration. */
export interface OtherEnvironment {
  readonly environment: Environment;
  readonly configuration: Configuration;
}

/** The other environments of a command, archived ones included. They are loaded by those commands only that concern all. */
export class Elsewhere {
  readonly #ports: Pick<ControlPorts, "environments" | "store">;
  readonly #environmentId: string;
  #others: readonly OtherEnvironment[] = [];
  #loaded = false;

  /** @param environmentId the environment of the command */
  constructor(ports: Pick<ControlPorts, "environments" | "store">, environmentId: string) {
    this.#ports = ports;
    this.#environmentId = environmentId;
  }

  /** The revisions that whatever was worked out rests on; none when nothing was loaded. */
  get revisions(): ReadonlyMap<string, number> {
    return new Map(this.#others.map(({ environment, configuration }) => [environment.id, configuration.revision]));
  }

  /** Loads them; a second time gives the same. */
  async load(): Promise<readonly OtherEnvironment[]> {
    if (this.#loaded) return this.#others;
    const { environments, store } = this.#ports;
    const others: OtherEnvironment[] = [];
    // One after the other: together they would take as many connections as there are environments.
    for (const environment of await environments.environments()) {
      if (environment.id === this.#environmentId) continue;
      others.push({ environment, configuration: await store.load(environment.id) });
    }
    this.#others = others;
    this.#loaded = true;
    return others;
  }
}
