import type { ConfigurationKeeper, Instant, KeptConfiguration } from "@lotty/domain";

/** Keeps the last configuration of each environment as long as the object lives. */
export class MemoryConfigurationKeeper implements ConfigurationKeeper {
  readonly #kept = new Map<string, KeptConfiguration>();
  #last: string | undefined;

  keep(kept: KeptConfiguration): void {
    this.#last = kept.configuration.environmentId;
    this.#kept.set(this.#last, kept);
  }

  confirm(confirmedAt: Instant): void {
    const kept = this.#last === undefined ? undefined : this.#kept.get(this.#last);
    if (kept !== undefined) this.keep({ ...kept, confirmedAt });
  }

  recall(environmentId: string): Promise<KeptConfiguration | undefined> {
    return Promise.resolve(this.#kept.get(environmentId));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
