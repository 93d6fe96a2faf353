import type { EventType, EventTypeKeeper, EventTypeSource, Logger } from "@lotty/domain";

/** What a catalogue works with. */
export interface EventCatalogueOptions {
  readonly source: EventTypeSource;
  /** What survives a restart while the source cannot be read; `null` where that does not matter. */
  readonly keeper: EventTypeKeeper | null;
  /**
   * The environment's revision as far as this process knows it; it grows with every change of an event type.
   *
   * @throws LottyError `not_ready` while none is known
   */
  readonly revision: (environmentId: string) => number;
  readonly logger: Logger;
}

interface Loaded {
  /** `undefined` for types that may be older than any that the process should know. */
  readonly revision: number | undefined;
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
   * The types of an environment by key, without the built-in one. While they cannot be loaded anew, those before, also of an earlier process.
   *
   * @throws LottyError `not_ready` before the first configuration; what the source throws, before the first types
   */
  async typesOf(environmentId: string): Promise<ReadonlyMap<string, EventType>> {
    const revision = this.#options.revision(environmentId);
    const known = this.#loaded.get(environmentId);
    if (known?.revision !== undefined && known.revision >= revision) return known.types;
    try {
      return (await this.#load(environmentId, revision)).types;
    } catch (error) {
      const before = this.#loaded.get(environmentId) ?? (await this.#recall(environmentId, revision));
      if (before === undefined) throw error;
      this.#options.logger.warn("event_types_not_refreshed", { error });
      return before.types;
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
    this.#options.keeper?.keepEventTypes(environmentId, { revision, types });
    return this.#take(environmentId, { revision, types });
  }

  async #recall(environmentId: string, revision: number): Promise<Loaded | undefined> {
    const kept = await this.#options.keeper?.recallEventTypes(environmentId);
    if (kept === undefined) return undefined;
    // Meanwhile the source may have been read after all.
    const loaded = this.#loaded.get(environmentId);
    if (loaded !== undefined) return loaded;
    // Of this very revision they are what the source would say, and need not be read again.
    const types = kept.types;
    return this.#take(environmentId, { revision: kept.revision === revision ? revision : undefined, types });
  }

  #take(
    environmentId: string,
    { revision, types }: { readonly revision: number | undefined; readonly types: readonly EventType[] },
  ): Loaded {
    const loaded = { revision, types: new Map(types.map((type) => [type.key, type])) };
    this.#loaded.set(environmentId, loaded);
    return loaded;
  }
}
