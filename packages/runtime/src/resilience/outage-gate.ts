/** How long a service that failed is left alone, in milliseconds. */
export const REST_MILLIS = 1_000;

/** What an {@link OutageGate} takes for an outage. */
export interface OutageGateOptions {
  /** Failures in a row; 1 when absent. */
  readonly failures?: number;
  /** Whether an error is such a failure, or an answer of a service that works; every error is one when absent. */
  readonly isFailure?: (error: unknown) => boolean;
  /** A steady clock in milliseconds. */
  readonly now?: () => number;
}

/**
 * Keeps calls away from a service that is down, so that its timeouts are not paid over and over. After a number of failures
 * everything is refused at once for a second; then one call may try while all others are still refused. General circuit
 * breakers let the others wait for that try, which puts the timeout back into every request.
 */
export class OutageGate {
  readonly #failuresOfOutage: number;
  readonly #isFailure: (error: unknown) => boolean;
  readonly #now: () => number;
  #failures = 0;
  #restsUntil = -Infinity;

  constructor({ failures = 1, isFailure = () => true, now = () => performance.now() }: OutageGateOptions = {}) {
    this.#failuresOfOutage = failures;
    this.#isFailure = isFailure;
    this.#now = now;
  }

  /** Runs a task, unless the service rests: then throws what `refusal` makes. */
  async run<Result>(task: () => Promise<Result>, refusal: () => Error): Promise<Result> {
    const now = this.#now();
    if (now < this.#restsUntil) throw refusal();
    if (this.#failures >= this.#failuresOfOutage) this.#restsUntil = now + REST_MILLIS;
    try {
      const result = await task();
      this.#answered();
      return result;
    } catch (error) {
      if (this.#isFailure(error)) this.#failed();
      else this.#answered();
      throw error;
    }
  }

  #answered(): void {
    this.#failures = 0;
    this.#restsUntil = -Infinity;
  }

  #failed(): void {
    this.#failures += 1;
    if (this.#failures >= this.#failuresOfOutage) this.#restsUntil = this.#now() + REST_MILLIS;
  }
}
