import type { ChangeNotice, ChangeNotices, Logger } from "@lotty/domain";

/** Change notices within this process. Listeners are called after `publish` has returned to its caller. */
export class MemoryChangeNotices implements ChangeNotices {
  readonly #subscriptions = new Set<{ readonly listener: (notice: ChangeNotice) => void }>();
  readonly #logger: Logger | undefined;

  /** @param logger told of listeners that throw; they harm neither the publisher nor other listeners */
  constructor(logger?: Logger) {
    this.#logger = logger;
  }

  publish(notice: ChangeNotice): Promise<void> {
    const { environmentId, revision } = notice;
    for (const subscription of this.#subscriptions) {
      setImmediate(() => {
        if (!this.#subscriptions.has(subscription)) return;
        try {
          subscription.listener({ environmentId, revision });
        } catch (error) {
          this.#logger?.error("change_listener_failed", { error });
        }
      });
    }
    return Promise.resolve();
  }

  subscribe(listener: (notice: ChangeNotice) => void): Promise<() => Promise<void>> {
    // Wrapped, because one function may subscribe twice.
    const subscription = { listener };
    this.#subscriptions.add(subscription);
    return Promise.resolve(() => {
      this.#subscriptions.delete(subscription);
      return Promise.resolve();
    });
  }
}
