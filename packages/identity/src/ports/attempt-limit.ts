/** Whose attempts are counted together. */
export interface AttemptSource {
  /** Name that somebody wants to log in with. */
  readonly account: string;
  readonly address: string;
}

/** Counts attempts before their outcome is known, so that those made at the same time count as well. */
export interface AttemptLimit {
  /**
   * Counts one attempt.
   *
   * @returns how long to wait before the next, in milliseconds; 0 when this one may be made
   */
  begin(source: AttemptSource): Promise<number>;
  /** The attempt was right: it does not count, and earlier ones for the account are forgotten. */
  succeeded(source: AttemptSource): Promise<void>;
}
