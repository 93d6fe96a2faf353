/** A wait that can be cut short, and that keeps no process alive. */
export class Alarm {
  #ring: (() => void) | undefined;

  /** Waits so many milliseconds, or until {@link Alarm.ring}. */
  async wait(millis: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, millis);
      timer.unref();
      this.#ring = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#ring = undefined;
  }

  /** Ends the wait that is under way, if any. */
  ring(): void {
    this.#ring?.();
  }
}
