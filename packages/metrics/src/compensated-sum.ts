/**
 * A sum whose error does not grow with the number of its terms.
 *
 * Source: A. Neumaier (1974), "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen".
 */
export class CompensatedSum {
  #sum = 0;
  #lost = 0;

  /** Adds a finite number. */
  add(term: number): void {
    const sum = this.#sum + term;
    this.#lost += Math.abs(this.#sum) >= Math.abs(term) ? this.#sum - sum + term : term - sum + this.#sum;
    this.#sum = sum;
  }

  /** All that was added. */
  get total(): number {
    return this.#sum + this.#lost;
  }
}
