/** The environments that are in use, by their keys. */
export interface EnvironmentDirectory {
  /** Id of an environment; `undefined` when none in use has the key. */
  idOf(key: string): string | undefined;
  /** Key of an environment; `undefined` when none in use has the id. */
  keyOf(id: string): string | undefined;
  /**
   * Learns what environments there are now. Every process does so by itself within a second of a change.
   *
   * @throws LottyError `database_unavailable`
   */
  refreshEnvironments(): Promise<void>;
}
