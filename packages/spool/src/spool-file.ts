import { existsSync, rmSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import type { DecisionRecord, Instant, RefusedDecision, SubjectHistory } from "@lotty/domain";
import { isHeldByAnother } from "./spool-error.ts";
import {
  bytesOf,
  decisionOf,
  decisionValues,
  HOLD_ASSIGNMENT,
  INSERT_DECISION,
  SPOOL_FORMAT,
  SPOOL_TABLES,
  SPOOL_UPGRADES,
} from "./spool-row.ts";

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

/** The oldest decisions of a file. */
export interface SpoolBatch {
  readonly decisions: readonly DecisionRecord[];
  /** Rows that are no decisions of this version. */
  readonly malformed: readonly RefusedDecision[];
  /** Place of the last of them in the file. */
  readonly upTo: number;
}

/** One file of decisions, which one process holds at a time. Everything is synchronous; what is written is on disk. */
export class SpoolFile {
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #hold: StatementSync;
  readonly #held: StatementSync;
  readonly #oldest: StatementSync;
  readonly #batch: StatementSync;
  readonly #refuse: StatementSync;
  readonly #removable: StatementSync;
  readonly #remove: StatementSync;
  #rows = 0;
  #bytes = 0;
  #setAside = 0;

  private constructor(path: string, database: DatabaseSync) {
    this.path = path;
    this.#database = database;
    this.#insert = database.prepare(INSERT_DECISION);
    this.#hold = database.prepare(HOLD_ASSIGNMENT);
    this.#held = database.prepare(
      "SELECT experiment_id, variant_id, first_decided_at, last_decided_at FROM held WHERE subject_id = ? AND environment_id = ?",
    );
    this.#oldest = database.prepare("SELECT decided_at FROM spooled WHERE refused IS NULL ORDER BY seq LIMIT 1");
    this.#batch = database.prepare("SELECT * FROM spooled WHERE refused IS NULL ORDER BY seq LIMIT ?");
    this.#refuse = database.prepare(
      "UPDATE spooled SET refused = ? WHERE seq <= ? AND decision_id = ? AND refused IS NULL",
    );
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
  static create(path: string): SpoolFile | undefined {
    const file = SpoolFile.#claim(path, new DatabaseSync(path, { timeout: 0 }));
    // Whoever takes an empty file for abandoned removes it before it lets go, so that looking after the claim is enough.
    if (file === undefined || existsSync(path)) return file;
    file.close();
    return undefined;
  }

  /** Claims a file that is there; `undefined` when a process holds it, or it is of a later version. */
  static takeOver(path: string): SpoolFile | undefined {
    const url = pathToFileURL(path);
    url.search = "mode=rw";
    return SpoolFile.#claim(path, new DatabaseSync(url, { timeout: 0 }));
  }

  static #claim(path: string, database: DatabaseSync): SpoolFile | undefined {
    try {
      database.exec(CLAIM);
      const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
      const upgrade = SPOOL_UPGRADES.get(version);
      if (version !== 0 && version !== SPOOL_FORMAT && upgrade === undefined) {
        database.close();
        return undefined;
      }
      if (upgrade !== undefined) database.exec(upgrade);
      // What was refused once gets another try: what it lacked may be there by now.
      database.exec(`${SPOOL_TABLES} UPDATE spooled SET refused = NULL WHERE refused IS NOT NULL; COMMIT`);
      return new SpoolFile(path, database);
    } catch (error) {
      database.close();
      if (isHeldByAnother(error)) return undefined;
      throw error;
    }
  }

  /** Decisions that wait. */
  get rows(): number {
    return this.#rows;
  }

  /** About what all its decisions take, those included that were set aside. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Decisions that were refused. */
  get setAside(): number {
    return this.#setAside;
  }

  /** Adds decisions at the end, all or none. */
  append(decisions: readonly DecisionRecord[]): void {
    this.#transaction(() => {
      for (const decision of decisions) {
        this.#insert.run(...decisionValues(decision));
        const { experimentId, variantId, reason, decidedAt } = decision;
        if (reason !== "experiment_assigned" || experimentId === null || variantId === null) continue;
        this.#hold.run(decision.subjectId, experimentId, decision.environmentId, variantId, decidedAt, decidedAt);
      }
    });
    this.#rows += decisions.length;
    for (const decision of decisions) this.#bytes += bytesOf(decision);
  }

  /** Up to `max` of the oldest decisions. */
  batch(max: number): SpoolBatch {
    const decisions: DecisionRecord[] = [];
    const malformed: RefusedDecision[] = [];
    let upTo = 0;
    for (const row of this.#batch.iterate(max)) {
      upTo = Number(row["seq"]);
      const decision = decisionOf(row);
      if (decision === undefined)
        malformed.push({ decisionId: String(row["decision_id"]), reason: "not of this version" });
      else decisions.push(decision);
    }
    return { decisions, malformed, upTo };
  }

  /** Removes a batch, and keeps apart what of it was refused. */
  remove({ upTo }: SpoolBatch, refused: readonly RefusedDecision[]): void {
    let setAside = 0;
    let removed = 0;
    let bytes = 0;
    this.#transaction(() => {
      for (const { decisionId, reason } of refused)
        setAside += Number(this.#refuse.run(reason, upTo, decisionId).changes);
      bytes = Number(this.#removable.get(upTo)?.["bytes"] ?? 0);
      removed = Number(this.#remove.run(upTo).changes);
      if (removed + setAside === this.#rows) this.#database.exec("DELETE FROM held");
    });
    this.#rows -= removed + setAside;
    this.#setAside += setAside;
    this.#bytes -= bytes;
    if (this.#rows === 0) this.#giveSpaceBack();
  }

  /** What a subject takes part in by the decisions of this file. */
  assignmentsOf(environmentId: string, subjectId: string): SubjectHistory {
    return this.#held.all(subjectId, environmentId).map((row) => ({
      experimentId: String(row["experiment_id"]),
      variantId: String(row["variant_id"]),
      firstDecidedAt: Number(row["first_decided_at"]),
      lastDecidedAt: Number(row["last_decided_at"]),
    }));
  }

  /** When the decision that waits longest was taken. */
  oldest(): Instant | null {
    const row = this.#rows === 0 ? undefined : this.#oldest.get();
    return row === undefined ? null : Number(row["decided_at"]);
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
