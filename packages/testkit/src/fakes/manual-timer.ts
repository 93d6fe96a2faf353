import type { Timer } from "@lotty/domain";

/** A timer whose tasks run only when told to. */
export class ManualTimer implements Timer {
  readonly #tasks = new Set<() => void>();

  every(_millis: number, task: () => void): () => void {
    this.#tasks.add(task);
    return () => void this.#tasks.delete(task);
  }

  /** Runs every task once. */
  fire(): void {
    for (const task of this.#tasks) task();
  }

  /** How many tasks are waiting. */
  get tasks(): number {
    return this.#tasks.size;
  }
}
