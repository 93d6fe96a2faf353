import type { EventType, EventTypeSource, Logger } from "@lotty/domain";

/** What a catalogue works with. */
export interface EventCatalogueOptions {
  readonly source: EventTypeSource;
  /**
   * The environment's revision as far as this process knows it; it grows with every change of an event type.
   *
   * @throws LottyError `not_ready` while none is known
   */
  readonly revision: (environmentId: string) => number;
  readonly logger: Logger;
}

interface Loaded {
  readonly revision: number;
  readonly types: ReadonlyMap<string, EventType>;
}

/** The event types of environments in memory, as of the revision that the process follows. */
export class EventCatalogue {
  readonly #options: EventCatalogueOptions;
  readonly #loaded = new Map<string, Loaded>();
  readonly #loading = new Map<string, Promise<Loaded>>();

  constructor(options: EventCatalogueOptions) {
    this.#options = options;
  }

  /**
   * The types of an environment by key, without the built-in one. While they cannot be loaded anew, those before.
   *
   * @throws LottyError `not_ready` before the first configuration; what the source throws, before the first types
   */
  async typesOf(environmentId: string): Promise<ReadonlyMap<string, EventType>> {
    const revision = this.#options.revision(environmentId);
    const known = this.#loaded.get(environmentId);
    if (known !== undefined && known.revision >= revision) return known.types;
    try {
      return (await this.#load(environmentId, revision)).types;
    } catch (error) {
      if (known === undefined) throw error;
      this.#options.logger.warn("event_types_not_refreshed", { error });
      return known.types;
    }
  }

  /** Shared by those who ask at the same time. */
  #load(environmentId: string, revision: number): Promise<Loaded> {
    const underWay = this.#loading.get(environmentId);
    if (underWay !== undefined) return underWay;
    const loading = this.#read(environmentId, revision).finally(() => this.#loading.delete(environmentId));
    this.#loading.set(environmentId, loading);
    return loading;
  }

  async #read(environmentId: string, revision: number): Promise<Loaded> {
    const types = await this.#options.source.eventTypes(environmentId);
    const loaded = { revision, types: new Map(types.map((type) => [type.key, type])) };
    this.#loaded.set(environmentId, loaded);
    return loaded;
  }
}
