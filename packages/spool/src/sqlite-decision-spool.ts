import {
  assignmentsOf,
  isLottyError,
  LottyError,
  mergeHistories,
  type DecisionRecord,
  type DecisionSpool,
  type Logger,
  type SpoolSize,
  type SpoolWriter,
  type SubjectHistory,
} from "@lotty/domain";
import { createFile, makeDirectory, takeOverFiles } from "./spool-directory.ts";
import { isRowFault, toSpoolError } from "./spool-error.ts";
import type { SpoolFile } from "./spool-file.ts";
import { bytesOf } from "./spool-row.ts";

/** How a spool is opened. */
export interface SpoolOptions {
  /**
   * Directory of the files; is made when missing. One per database that the decisions belong to: whatever lies there is
   * drained. Must be on a disk of this machine, because the locks of network file systems cannot be relied on.
   */
  readonly directory: string;
  /** Most decisions that wait. */
  readonly maxRows: number;
  /** About how many bytes of disk they may take. */
  readonly maxBytes: number;
  /** Most decisions that are drained at once; 500 when absent. */
  readonly batchRows?: number;
  readonly logger: Logger;
}

/** Statements of this many rows write most of what larger ones do, and the event loop hardly notices their removal. */
const BATCH_ROWS = 500;

/** Most rows of one commit, unless a single request has more: about 10 ms in which nothing else happens. */
const COMMIT_ROWS = 500;

interface Pending {
  readonly decisions: readonly DecisionRecord[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Opens a spool: makes a file for this process, and takes over those of processes that are gone.
 *
 * @throws LottyError `decision_store_unavailable` when the directory cannot be used
 */
export function openSpool(options: SpoolOptions): DecisionSpool {
  const { directory, logger } = options;
  try {
    makeDirectory(directory);
    const spool = new SqliteDecisionSpool(createFile(directory), options);
    spool.takeOver();
    const { rows, bytes, oldest } = spool.size();
    logger.info("spool_opened", { directory, rows, bytes, oldest });
    return spool;
  } catch (error) {
    throw new LottyError("decision_store_unavailable", `The spool cannot be opened in ${directory}`, { cause: error });
  }
}

class SqliteDecisionSpool implements DecisionSpool {
  readonly #options: SpoolOptions;
  /** Takes what is appended. */
  readonly #own: SpoolFile;
  /** All files, in the order in which they are drained. */
  #files: readonly SpoolFile[];
  #pending: Pending[] = [];
  #pendingRows = 0;
  #pendingBytes = 0;
  /** What waits for the next commit, by subject and environment. */
  readonly #pendingOf = new Map<string, DecisionRecord[]>();
  #full = false;
  #closed = false;

  constructor(own: SpoolFile, options: SpoolOptions) {
    this.#own = own;
    this.#files = [own];
    this.#options = options;
  }

  append(decisions: readonly DecisionRecord[]): Promise<void> {
    if (decisions.length === 0) return Promise.resolve();
    if (this.#closed) return Promise.reject(refusal("The spool is closed"));
    const bytes = decisions.reduce((sum, decision) => sum + bytesOf(decision), 0);
    const size = this.#used();
    if (size.rows + decisions.length > this.#options.maxRows || size.bytes + bytes > this.#options.maxBytes) {
      if (!this.#full) this.#options.logger.error("spool_full", { ...size });
      this.#full = true;
      return Promise.reject(refusal("The spool is full", size));
    }
    this.#full = false;
    return new Promise((resolve, reject) => {
      if (this.#pending.length === 0) this.#schedule();
      this.#pending.push({ decisions, resolve, reject });
      for (const decision of decisions) this.#remember(decision);
    });
  }

  assignmentsOf(environmentId: string, subjectId: string): SubjectHistory {
    const pending = assignmentsOf(this.#pendingOf.get(keyOf(environmentId, subjectId)) ?? []);
    return guarded(() =>
      this.#files.reduceRight(
        (known, file) => mergeHistories(file.assignmentsOf(environmentId, subjectId), known),
        pending,
      ),
    );
  }

  async drain(write: SpoolWriter): Promise<number> {
    if (this.#closed) return 0;
    this.#flush();
    const file = this.#files.find(({ rows }) => rows > 0);
    if (file === undefined) return 0;
    const batch = guarded(() => file.batch(this.#options.batchRows ?? BATCH_ROWS));
    const refused = batch.decisions.length === 0 ? [] : await write(batch.decisions);
    if (this.#isClosed()) return 0;
    guarded(() => file.remove(batch, [...batch.malformed, ...refused]));
    if (file !== this.#own && file.rows === 0 && file.setAside === 0) {
      this.#files = this.#files.filter((each) => each !== file);
      file.discard();
    }
    return batch.decisions.length + batch.malformed.length;
  }

  takeOver(): number {
    if (this.#closed) return 0;
    const { directory, logger } = this.#options;
    try {
      const taken = takeOverFiles(directory, new Set(this.#files.map(({ path }) => path)), logger);
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
      this.#own.append(pending.flatMap(({ decisions }) => decisions));
      for (const { resolve } of pending) resolve();
    } catch (error) {
      if (isRowFault(error)) this.#appendOneByOne(pending);
      else this.#refuse(pending, error);
    }
  }

  #nextCommit(): readonly Pending[] {
    let count = 0;
    let rows = 0;
    for (const { decisions } of this.#pending) {
      if (count > 0 && rows + decisions.length > COMMIT_ROWS) break;
      count += 1;
      rows += decisions.length;
    }
    const taken = this.#pending.slice(0, count);
    this.#pending = this.#pending.slice(count);
    for (const decision of taken.flatMap(({ decisions }) => decisions)) this.#forget(decision);
    return taken;
  }

  /** So that a bad row harms no neighbour. */
  #appendOneByOne(pending: readonly Pending[]): void {
    for (const one of pending) {
      try {
        this.#own.append(one.decisions);
        one.resolve();
      } catch (error) {
        one.reject(toSpoolError(error));
      }
    }
  }

  #refuse(pending: readonly Pending[], cause: unknown): void {
    const error = toSpoolError(cause);
    this.#options.logger.error("spool_failed", { error, requests: pending.length });
    for (const { reject } of pending) reject(error);
  }

  #remember(decision: DecisionRecord): void {
    const key = keyOf(decision.environmentId, decision.subjectId);
    const known = this.#pendingOf.get(key);
    if (known === undefined) this.#pendingOf.set(key, [decision]);
    else known.push(decision);
    this.#pendingRows += 1;
    this.#pendingBytes += bytesOf(decision);
  }

  #forget(decision: DecisionRecord): void {
    const key = keyOf(decision.environmentId, decision.subjectId);
    const rest = this.#pendingOf.get(key)?.filter((each) => each !== decision) ?? [];
    if (rest.length === 0) this.#pendingOf.delete(key);
    else this.#pendingOf.set(key, rest);
    this.#pendingRows -= 1;
    this.#pendingBytes -= bytesOf(decision);
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
    const first = pending?.decisions[0];
    if (first !== undefined) ages.push(first.decidedAt);
    return ages.length === 0 ? null : Math.min(...ages);
  }

  /** Asked again after waiting, when the compiler believes to know the answer. */
  #isClosed(): boolean {
    return this.#closed;
  }
}

function keyOf(environmentId: string, subjectId: string): string {
  return `${environmentId} ${subjectId}`;
}

function guarded<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw isLottyError(error) ? error : toSpoolError(error);
  }
}

function refusal(message: string, details: Record<string, unknown> = {}): LottyError {
  return new LottyError("decision_store_unavailable", message, { details });
}
