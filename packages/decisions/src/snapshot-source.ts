import type { Configuration } from "@lotty/domain";
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

/** A source that also tells what its snapshots were made of, and when there is a new one. */
export interface FollowedSnapshots extends SnapshotSource {
  /**
   * What the current snapshot was compiled from.
   *
   * @throws LottyError as {@link SnapshotSource.current}
   */
  configuration(environmentId: string): Configuration;

  /** Calls `listener` with every new snapshot, right after it has become the current one, until the returned function is called. */
  onChange(listener: (snapshot: Snapshot) => void): () => void;
}
