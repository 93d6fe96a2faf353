/** Entries added between two renewals, at least. */
const RENEW_AFTER = 512;

/**
 * A map for entries that come and go with every request, in the order in which they came.
 *
 * A plain `Map` in V8 leaves its old table behind whenever it makes a new one, and the old one points to the new one. Once the
 * garbage collector has moved one such table to the old generation, all later ones and what was in them survive every minor
 * collection, although nobody can reach them: 250 bytes of each request did. Copying the few entries that are left into a new
 * map, now and then, cuts that chain.
 */
export class TransientMap<Key, Value> {
  #entries = new Map<Key, Value>();
  #added = 0;

  get size(): number {
    return this.#entries.size;
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  /** Adds or replaces an entry. Amortised O(1). */
  set(key: Key, value: Value): void {
    this.#added += 1;
    if (this.#added > RENEW_AFTER && this.#added > 2 * this.#entries.size) {
      this.#entries = new Map(this.#entries);
      this.#added = 0;
    }
    this.#entries.set(key, value);
  }

  /** Takes an entry away; whether there was one. */
  delete(key: Key): boolean {
    return this.#entries.delete(key);
  }

  /** The keys, oldest first. Entries may be deleted on the way, but not added. */
  keys(): MapIterator<Key> {
    return this.#entries.keys();
  }
}
