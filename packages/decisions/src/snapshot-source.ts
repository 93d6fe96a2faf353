import type { Snapshot } from "@lotty/engine";

/** Where decisions take their configuration from. */
export interface SnapshotSource {
  /**
   * The current snapshot of an environment, from memory.
   *
   * @throws LottyError `not_ready` while none has been loaded, `not_found` for an environment that is not followed
   */
  current(environmentId: string): Snapshot;

  /**
   * Brings the snapshot up to the newest revision and returns it; the last good one when the store is away.
   *
   * @throws LottyError as {@link SnapshotSource.current}
   */
  refresh(environmentId: string): Promise<Snapshot>;
}
