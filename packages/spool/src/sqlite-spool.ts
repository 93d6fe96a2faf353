import {
  isLottyError,
  LottyError,
  type Logger,
  type RecordSpool,
  type SpoolSize,
  type SpoolWriter,
} from "@lotty/domain";
import { createFile, makeDirectory, takeOverFiles } from "./spool-directory.ts";
import { isRowFault, toSpoolError } from "./spool-error.ts";
import type { SpoolFile } from "./spool-file.ts";
import type { FollowUp, SpoolFormat } from "./spool-format.ts";

/** How a spool is opened. */
export interface SpoolOptions {
  /**
   * Directory of the files; is made when missing. One per database and kind of items: whatever lies there is drained. Must be on a disk of this machine, because the locks of network file systems cannot be relied on.
   */
  readonly directory: string;
  /** Most rows that wait. */
  readonly maxRows: number;
  /** About how many bytes of disk they may take. */
  readonly maxBytes: number;
  /** Most rows that are drained at once; 500 when absent. */
  readonly batchRows?: number;
  readonly logger: Logger;
}

/** Statements of this many rows write most of what larger ones do, and the event loop hardly notices their removal. */
const BATCH_ROWS = 500;

/** Most rows of one commit, unless a single request has more: about 10 ms in which nothing else happens. */
const COMMIT_ROWS = 500;

/** Who is told which items wait for the next commit. */
export interface PendingWatch<Item> {
  waits(item: Item): void;
  waitsNoLonger(item: Item): void;
}

interface Pending<Item> {
  readonly items: readonly Item[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A spool in files of SQLite, of items that a format tells how to write. */
export class SqliteSpool<Item, Follows extends FollowUp<Item>> implements RecordSpool<Item> {
  readonly #options: SpoolOptions;
  readonly #format: SpoolFormat<Item, Follows>;
  readonly #watch: PendingWatch<Item> | undefined;
  /** Takes what is appended. */
  readonly #own: SpoolFile<Item, Follows>;
  /** All files, in the order in which they are drained. */
  #files: readonly SpoolFile<Item, Follows>[];
  #pending: Pending<Item>[] = [];
  #pendingRows = 0;
  #pendingBytes = 0;
  #full = false;
  #closed = false;

  /**
   * Opens a spool: makes a file for this process, and takes over those of processes that are gone.
   *
   * @throws LottyError `decision_store_unavailable` when the directory cannot be used
   */
  constructor(options: SpoolOptions, format: SpoolFormat<Item, Follows>, watch?: PendingWatch<Item>) {
    const { directory, logger } = options;
    this.#options = options;
    this.#format = format;
    this.#watch = watch;
    try {
      makeDirectory(directory);
      this.#own = createFile(directory, format);
    } catch (error) {
      throw new LottyError("decision_store_unavailable", `The spool cannot be opened in ${directory}`, {
        cause: error,
      });
    }
    this.#files = [this.#own];
    this.takeOver();
    const { rows, bytes, oldest } = this.size();
    logger.info("spool_opened", { directory, rows, bytes, oldest });
  }

  /** What the files know besides their rows, in the order in which they are drained. */
  get follows(): readonly Follows[] {
    return this.#files.map(({ follows }) => follows);
  }

  append(items: readonly Item[]): Promise<void> {
    if (items.length === 0) return Promise.resolve();
    if (this.#closed) return Promise.reject(refusal("The spool is closed"));
    const bytes = items.reduce((sum, item) => sum + this.#format.bytesOf(item), 0);
    const size = this.#used();
    if (size.rows + items.length > this.#options.maxRows || size.bytes + bytes > this.#options.maxBytes) {
      if (!this.#full) this.#options.logger.error("spool_full", { ...size });
      this.#full = true;
      return Promise.reject(refusal("The spool is full", size));
    }
    this.#full = false;
    return new Promise((resolve, reject) => {
      if (this.#pending.length === 0) this.#schedule();
      this.#pending.push({ items, resolve, reject });
      for (const item of items) this.#remember(item);
    });
  }

  async drain(write: SpoolWriter<Item>): Promise<number> {
    if (this.#closed) return 0;
    this.#flush();
    const file = this.#files.find(({ rows }) => rows > 0);
    if (file === undefined) return 0;
    const batch = guarded(() => file.batch(this.#options.batchRows ?? BATCH_ROWS));
    const refused = batch.items.length === 0 ? [] : await write(batch.items);
    if (this.#isClosed()) return 0;
    guarded(() => file.remove(batch, refused));
    if (file !== this.#own && file.rows === 0 && file.setAside === 0) {
      this.#files = this.#files.filter((each) => each !== file);
      file.discard();
    }
    return batch.items.length + batch.malformed.length;
  }

  takeOver(): number {
    if (this.#closed) return 0;
    const { directory, logger } = this.#options;
    try {
      const held = new Set(this.#files.map(({ path }) => path));
      const taken = takeOverFiles({ directory, format: this.#format, held, logger });
      for (const { path, rows } of taken) logger.warn("spool_taken_over", { path, rows });
      // Older than anything of this process, and therefore drained before it.
      this.#files = [...this.#files.slice(0, -1), ...taken, this.#own];
      return taken.reduce((sum, { rows }) => sum + rows, 0);
    } catch (error) {
      logger.warn("spool_take_over_failed", { error });
      return 0;
    }
  }

  size(): SpoolSize {
    const { rows, bytes } = this.#waiting();
    const setAside = this.#files.reduce((sum, file) => sum + file.setAside, 0);
    return { rows, bytes, oldest: this.#oldest(), setAside };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    while (this.#pending.length > 0) this.#flush();
    this.#closed = true;
    for (const file of this.#files) {
      if (file.rows === 0 && file.setAside === 0) file.discard();
      else file.close();
    }
    this.#files = [];
  }

  #schedule(): void {
    setImmediate(() => {
      this.#flush();
      if (this.#pending.length > 0) this.#schedule();
    });
  }

  /** Commits together what was handed in since the last turn of the event loop, and leaves what is beyond a batch. */
  #flush(): void {
    const pending = this.#nextCommit();
    if (pending.length === 0) return;
    try {
      this.#own.append(pending.flatMap(({ items }) => items));
      for (const { resolve } of pending) resolve();
    } catch (error) {
      if (isRowFault(error)) this.#appendOneByOne(pending);
      else this.#refuse(pending, error);
    }
  }

  #nextCommit(): readonly Pending<Item>[] {
    let count = 0;
    let rows = 0;
    for (const { items } of this.#pending) {
      if (count > 0 && rows + items.length > COMMIT_ROWS) break;
      count += 1;
      rows += items.length;
    }
    const taken = this.#pending.slice(0, count);
    this.#pending = this.#pending.slice(count);
    for (const item of taken.flatMap(({ items }) => items)) this.#forget(item);
    return taken;
  }

  /** So that a bad row harms no neighbour. */
  #appendOneByOne(pending: readonly Pending<Item>[]): void {
    for (const one of pending) {
      try {
        this.#own.append(one.items);
        one.resolve();
      } catch (error) {
        one.reject(toSpoolError(error));
      }
    }
  }

  #refuse(pending: readonly Pending<Item>[], cause: unknown): void {
    const error = toSpoolError(cause);
    this.#options.logger.error("spool_failed", { error, requests: pending.length });
    for (const { reject } of pending) reject(error);
  }

  #remember(item: Item): void {
    this.#watch?.waits(item);
    this.#pendingRows += 1;
    this.#pendingBytes += this.#format.bytesOf(item);
  }

  #forget(item: Item): void {
    this.#watch?.waitsNoLonger(item);
    this.#pendingRows -= 1;
    this.#pendingBytes -= this.#format.bytesOf(item);
  }

  #waiting(): { readonly rows: number; readonly bytes: number } {
    let rows = this.#pendingRows;
    let bytes = this.#pendingBytes;
    for (const file of this.#files) {
      rows += file.rows;
      bytes += file.bytes;
    }
    return { rows, bytes };
  }

  /** What counts against the bounds: what was set aside takes room too. */
  #used(): { readonly rows: number; readonly bytes: number } {
    const { rows, bytes } = this.#waiting();
    return { rows: this.#files.reduce((sum, file) => sum + file.setAside, rows), bytes };
  }

  #oldest(): number | null {
    const ages = guarded(() => this.#files.flatMap((file) => file.oldest() ?? []));
    const [pending] = this.#pending;
    const first = pending?.items[0];
    if (first !== undefined) ages.push(this.#format.sinceOf(first));
    return ages.length === 0 ? null : Math.min(...ages);
  }

  /** Asked again after waiting, when the compiler believes to know the answer. */
  #isClosed(): boolean {
    return this.#closed;
  }
}

/**
 * Runs what uses files.
 *
 * @throws LottyError in place of what SQLite throws
 */
export function guarded<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw isLottyError(error) ? error : toSpoolError(error);
  }
}

function refusal(message: string, details: Record<string, unknown> = {}): LottyError {
  return new LottyError("decision_store_unavailable", message, { details });
}
