import { existsSync, rmSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import type { Instant, RefusedItem } from "@lotty/domain";
import { isHeldByAnother } from "./spool-error.ts";
import type { FollowUp, SpoolFormat } from "./spool-format.ts";

/**
 * Exclusive locking makes the file ours as long as this process lives: the operating system lets go of the lock with it, and
 * everybody else's attempt fails at once. In WAL mode, `synchronous` at FULL or above forces the log to the disk before a
 * commit returns, and its directory when the log is made; EXTRA would do the same for the other kind of log, should SQLite
 * choose it. `fullfsync` matters on macOS only, where a plain fsync stops at the drive's cache.
 */
const CLAIM = `
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA fullfsync = ON;
PRAGMA checkpoint_fullfsync = ON;
PRAGMA synchronous = EXTRA;
PRAGMA journal_mode = WAL;
BEGIN IMMEDIATE;
`;

/** An emptied file that is larger gives its space back to the disk. */
const ROOMY_BYTES = 16 * 1_048_576;

/** The oldest rows of a file. */
export interface SpoolBatch<Item> {
  readonly items: readonly Item[];
  /** Places of the items in the file, in their order. */
  readonly places: readonly number[];
  /** Places of rows that are no items of this version. */
  readonly malformed: readonly number[];
  /** Place of the last row. */
  readonly upTo: number;
}

/** What is said of a row that is no item of this version. */
const MALFORMED = "not of this version";

/** One file of items, which one process holds at a time. Everything is synchronous; what is written is on disk. */
export class SpoolFile<Item, Follows extends FollowUp<Item>> {
  readonly path: string;
  /** What the file knows besides its rows. */
  readonly follows: Follows;
  readonly #format: SpoolFormat<Item, Follows>;
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #oldest: StatementSync;
  readonly #batch: StatementSync;
  readonly #refuse: StatementSync;
  readonly #removable: StatementSync;
  readonly #remove: StatementSync;
  #rows = 0;
  #bytes = 0;
  #setAside = 0;

  private constructor(path: string, database: DatabaseSync, format: SpoolFormat<Item, Follows>) {
    this.path = path;
    this.follows = format.follow(database);
    this.#format = format;
    this.#database = database;
    this.#insert = database.prepare(format.insert);
    this.#oldest = database.prepare(
      `SELECT ${format.sinceColumn} AS since FROM spooled WHERE refused IS NULL ORDER BY seq LIMIT 1`,
    );
    this.#batch = database.prepare("SELECT * FROM spooled WHERE refused IS NULL ORDER BY seq LIMIT ?");
    this.#refuse = database.prepare("UPDATE spooled SET refused = ? WHERE seq = ?");
    this.#removable = database.prepare(
      "SELECT coalesce(sum(bytes), 0) AS bytes FROM spooled WHERE seq <= ? AND refused IS NULL",
    );
    this.#remove = database.prepare("DELETE FROM spooled WHERE seq <= ? AND refused IS NULL");
    const row = database.prepare("SELECT count(*) AS all_rows, coalesce(sum(bytes), 0) AS bytes FROM spooled").get();
    this.#rows = Number(row?.["all_rows"] ?? 0);
    this.#bytes = Number(row?.["bytes"] ?? 0);
  }

  /**
   * Makes a new file and claims it; `undefined` when a process that looked for abandoned files was quicker and has taken it
   * for one.
   */
  static create<Item, Follows extends FollowUp<Item>>(
    path: string,
    format: SpoolFormat<Item, Follows>,
  ): SpoolFile<Item, Follows> | undefined {
    const file = SpoolFile.#claim(path, new DatabaseSync(path, { timeout: 0 }), format);
    // Whoever takes an empty file for abandoned removes it before it lets go, so that looking after the claim is enough.
    if (file === undefined || existsSync(path)) return file;
    file.close();
    return undefined;
  }

  /** Claims a file that is there; `undefined` when a process holds it, or it is of a later version. */
  static takeOver<Item, Follows extends FollowUp<Item>>(
    path: string,
    format: SpoolFormat<Item, Follows>,
  ): SpoolFile<Item, Follows> | undefined {
    const url = pathToFileURL(path);
    url.search = "mode=rw";
    return SpoolFile.#claim(path, new DatabaseSync(url, { timeout: 0 }), format);
  }

  static #claim<Item, Follows extends FollowUp<Item>>(
    path: string,
    database: DatabaseSync,
    format: SpoolFormat<Item, Follows>,
  ): SpoolFile<Item, Follows> | undefined {
    try {
      database.exec(CLAIM);
      const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
      const upgrade = format.upgrades.get(version);
      if (version !== 0 && version !== format.version && upgrade === undefined) {
        database.close();
        return undefined;
      }
      if (upgrade !== undefined) database.exec(upgrade);
      // What was refused once gets another try: what it lacked may be there by now.
      database.exec(`${format.tables} UPDATE spooled SET refused = NULL WHERE refused IS NOT NULL; COMMIT`);
      return new SpoolFile(path, database, format);
    } catch (error) {
      database.close();
      if (isHeldByAnother(error)) return undefined;
      throw error;
    }
  }

  /** Rows that wait. */
  get rows(): number {
    return this.#rows;
  }

  /** About what all its rows take, those included that were set aside. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Rows that were refused. */
  get setAside(): number {
    return this.#setAside;
  }

  /** Adds items at the end, all or none. */
  append(items: readonly Item[]): void {
    this.#transaction(() => {
      for (const item of items) {
        this.#insert.run(...this.#format.valuesOf(item));
        this.follows.added(item);
      }
    });
    this.#rows += items.length;
    for (const item of items) this.#bytes += this.#format.bytesOf(item);
  }

  /** Up to `max` of the oldest rows. */
  batch(max: number): SpoolBatch<Item> {
    const items: Item[] = [];
    const places: number[] = [];
    const malformed: number[] = [];
    let upTo = 0;
    for (const row of this.#batch.iterate(max)) {
      upTo = Number(row["seq"]);
      const item = this.#format.itemOf(row);
      if (item === undefined) {
        malformed.push(upTo);
      } else {
        items.push(item);
        places.push(upTo);
      }
    }
    return { items, places, malformed, upTo };
  }

  /** Removes a batch, and keeps apart what of it was refused or is malformed. */
  remove({ items, malformed, places, upTo }: SpoolBatch<Item>, refused: readonly RefusedItem<Item>[]): void {
    let setAside = 0;
    let removed = 0;
    let bytes = 0;
    this.#transaction(() => {
      const placeOf = new Map(items.map((item, index) => [item, places[index]]));
      for (const { item, reason } of refused) setAside += this.#setAsideAt(placeOf.get(item), reason);
      for (const place of malformed) setAside += this.#setAsideAt(place, MALFORMED);
      bytes = Number(this.#removable.get(upTo)?.["bytes"] ?? 0);
      removed = Number(this.#remove.run(upTo).changes);
      if (removed + setAside === this.#rows) this.follows.emptied();
    });
    this.#rows -= removed + setAside;
    this.#setAside += setAside;
    this.#bytes -= bytes;
    if (this.#rows === 0) this.#giveSpaceBack();
  }

  /** When the item that waits longest came to be. */
  oldest(): Instant | null {
    const row = this.#rows === 0 ? undefined : this.#oldest.get();
    return row === undefined ? null : Number(row["since"]);
  }

  /** Lets go of the file and leaves it where it is. */
  close(): void {
    this.#database.close();
  }

  /** Removes the file, and only then lets go of it: nobody can claim a file that is about to go. */
  discard(): void {
    try {
      rmSync(this.path, { force: true });
    } catch {
      // Not every system removes a file that is open. An empty one is removed by whoever finds it next.
    }
    this.#database.close();
  }

  #setAsideAt(place: number | undefined, reason: string): number {
    if (place === undefined) throw new TypeError("What was refused is not of the batch");
    return Number(this.#refuse.run(reason, place).changes);
  }

  #giveSpaceBack(): void {
    const row = this.#database
      .prepare("SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size")
      .get();
    if (Number(row?.["bytes"] ?? 0) <= ROOMY_BYTES) return;
    this.#database.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
  }

  #transaction(work: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      // Some failures (a full disk) have rolled back already.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}
