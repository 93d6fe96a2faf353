/** How long a service that failed is left alone, in milliseconds. */
export const REST_MILLIS = 1_000;

/**
 * Keeps calls away from a service that is down, so that its timeouts are not paid over and over within one request. After
 * a failure everything is refused at once for a second; then one call may try while all others are still refused. General
 * circuit breakers let the others wait for that try, which puts the timeout back into every request.
 */
export class OutageGate {
  readonly #now: () => number;
  #down = false;
  #restsUntil = -Infinity;

  /** @param now a steady clock in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Runs a task, unless the service rests: then throws what `refusal` makes. */
  async run<Result>(task: () => Promise<Result>, refusal: () => Error): Promise<Result> {
    const now = this.#now();
    if (now < this.#restsUntil) throw refusal();
    if (this.#down) this.#restsUntil = now + REST_MILLIS;
    try {
      const result = await task();
      this.#down = false;
      this.#restsUntil = -Infinity;
      return result;
    } catch (error) {
      this.#down = true;
      this.#restsUntil = this.#now() + REST_MILLIS;
      throw error;
    }
  }
}
