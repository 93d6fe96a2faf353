/** What an {@link AgeList} holds. The list writes the two fields; they are nobody else's. */
export interface Aged<Item> {
  older: Item | null;
  younger: Item | null;
}

/**
 * Items in the order in which they came, any of which may go at any time. Links through the items themselves: adding and
 * removing touch no table, which a map of requests that come and go would grow and shrink all the time.
 */
export class AgeList<Item extends Aged<Item>> {
  #oldest: Item | null = null;
  #youngest: Item | null = null;

  /** The item that came first; `null` in an empty list. */
  get oldest(): Item | null {
    return this.#oldest;
  }

  /** Adds an item that is in no list. O(1). */
  add(item: Item): void {
    item.older = this.#youngest;
    item.younger = null;
    if (this.#youngest === null) this.#oldest = item;
    else this.#youngest.younger = item;
    this.#youngest = item;
  }

  /** Takes an item out; one that is in no list stays so. O(1). */
  remove(item: Item): void {
    if (item.older === null && this.#oldest !== item) return;
    if (item.older === null) this.#oldest = item.younger;
    else item.older.younger = item.younger;
    if (item.younger === null) this.#youngest = item.older;
    else item.younger.older = item.older;
    item.older = null;
    item.younger = null;
  }
}
