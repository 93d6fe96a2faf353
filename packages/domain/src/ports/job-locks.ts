/** What became of work that one process at a time may do. */
export type Exclusively<Result> =
  | { readonly held: true; readonly result: Result }
  /** Somebody else is at it; the work was not begun. */
  | { readonly held: false };

/** Lets one process at a time do a piece of work. Nobody waits: whoever comes second goes away. */
export interface JobLocks {
  /**
   * Does the work if nobody else does work of this name, in whatever process. A lock is let go when the work ends, when its process
   * dies, and at the latest after so many seconds: work has to end by then, or has to stand that another begins beside it.
   *
   * @param maxSeconds from 1
   * @throws LottyError `database_unavailable`; whatever the work throws
   */
  exclusively<Result>(name: string, maxSeconds: number, work: () => Promise<Result>): Promise<Exclusively<Result>>;
}
