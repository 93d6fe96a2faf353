/** A hint that the configuration of an environment has reached a revision. May be lost or repeated: the store is the truth. */
export interface ChangeNotice {
  readonly environmentId: string;
  readonly revision: number;
}

/** Wakes up the processes that follow the configuration. */
export interface ChangeNotices {
  /** Tells every subscriber of every process. Best effort. */
  publish(notice: ChangeNotice): Promise<void>;

  /**
   * Calls `listener` for each notice until the returned function is called.
   *
   * @throws LottyError when the channel cannot be reached
   */
  subscribe(listener: (notice: ChangeNotice) => void): Promise<() => Promise<void>>;
}
