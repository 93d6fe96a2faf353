/** What has been opened so far, to be closed in the opposite order. */
export class ClosingList {
  readonly #closers: (() => unknown)[] = [];
  #closed: Promise<void> | undefined;

  /** Adds something to close; before everything that was added earlier. */
  add(close: () => unknown): void {
    this.#closers.push(close);
  }

  /**
   * Closes everything, also what comes after something that fails. Repeated calls wait for the same end.
   *
   * @throws the first failure
   */
  close(): Promise<void> {
    this.#closed ??= this.#closeAll();
    return this.#closed;
  }

  async #closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closers.toReversed()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
