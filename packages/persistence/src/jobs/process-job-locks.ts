import type { Exclusively, JobLocks } from "@lotty/domain";

/** Locks within a process, for a database that only one process can have open and that has one connection. */
export class ProcessJobLocks implements JobLocks {
  readonly #held = new Set<string>();

  async exclusively<Result>(
    name: string,
    _maxSeconds: number,
    work: () => Promise<Result>,
  ): Promise<Exclusively<Result>> {
    if (this.#held.has(name)) return { held: false };
    this.#held.add(name);
    try {
      return { held: true, result: await work() };
    } finally {
      this.#held.delete(name);
    }
  }
}
