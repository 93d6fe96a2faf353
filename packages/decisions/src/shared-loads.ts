import { TransientMap } from "@lotty/outage";

/**
 * Lets callers that want the same thing at the same time share one look-up: a thousand calls for a subject whose history has
 * just left the cache must not ask the store a thousand times. Nothing is kept beyond the end of a look-up.
 */
export class SharedLoads<Value> {
  readonly #underWay = new TransientMap<string, Promise<Value>>();

  /** What a look-up that is under way gives, or else a new one. Its error goes to all who share it. */
  share(key: string, load: () => Promise<Value>): Promise<Value> {
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay;
    const started = load().finally(() => {
      if (this.#underWay.get(key) === started) this.#underWay.delete(key);
    });
    this.#underWay.set(key, started);
    return started;
  }

  /** What is under way may miss a change: later callers look up anew. */
  forget(key: string): void {
    this.#underWay.delete(key);
  }
}
