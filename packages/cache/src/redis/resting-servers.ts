/** How long a server that failed is passed over, in milliseconds, while there are others. */
const REST_MILLIS = 1_000;

/** The servers that failed a moment ago. */
export class RestingServers {
  readonly #now: () => number;
  readonly #until = new Map<string, number>();

  /** @param now a steady clock in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  failed(server: string): void {
    this.#until.set(server, this.#now() + REST_MILLIS);
  }

  worked(server: string): void {
    this.#until.delete(server);
  }

  /** Whether it failed so recently that another one is the better choice. */
  isResting(server: string): boolean {
    return (this.#until.get(server) ?? -Infinity) > this.#now();
  }

  /** Whether it failed and has not worked since. */
  isFailing(server: string): boolean {
    return this.#until.has(server);
  }
}
