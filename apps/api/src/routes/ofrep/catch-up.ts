import type { SnapshotSource } from "@lotty/decisions";

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
  /** Looks that are under way, by environment. */
  readonly #looking = new Map<string, Promise<unknown>>();

  constructor(snapshots: SnapshotSource) {
    this.#snapshots = snapshots;
  }

  /** @param tag what the client has heard, as it repeats it; anything that is no tag of ours is no news */
  async with(environmentId: string, tag: string | null): Promise<void> {
    const heard = Number(REVISION_TAG.exec(tag ?? "")?.[1] ?? 0);
    if (heard <= this.#snapshots.current(environmentId).revision) return;
    const looking = this.#looking.get(environmentId) ?? this.#snapshots.refresh(environmentId);
    this.#looking.set(environmentId, looking);
    await looking.finally(() => this.#looking.delete(environmentId));
  }
}
