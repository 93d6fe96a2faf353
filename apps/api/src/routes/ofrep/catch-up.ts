import type { SnapshotSource } from "@lotty/decisions";
import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";

/** A revision as the stream of changes writes it. */
const REVISION_TAG = /^(?:W\/)?"?(\d{1,15})"?$/;

/** The tag by which the stream tells of a revision. */
export function revisionTag(revision: number): string {
  return `"${revision}"`;
}

/**
 * Brings the configuration up to what a client has heard of: the process that told it may be ahead of the one that it asks.
 * Calls at the same time share one look.
 */
export class CatchUp {
  readonly #snapshots: SnapshotSource;
  #looking: Promise<unknown> | undefined;

  constructor(snapshots: SnapshotSource) {
    this.#snapshots = snapshots;
  }

  /** @param tag what the client has heard, as it repeats it; anything that is no tag of ours is no news */
  async with(tag: string | null): Promise<void> {
    const heard = Number(REVISION_TAG.exec(tag ?? "")?.[1] ?? 0);
    if (heard <= this.#snapshots.current(DEFAULT_ENVIRONMENT_ID).revision) return;
    this.#looking ??= this.#snapshots.refresh(DEFAULT_ENVIRONMENT_ID).finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }
}
