import type { DatabaseSync, SQLInputValue, SQLOutputValue } from "node:sqlite";
import type { Instant } from "@lotty/domain";

/** A row as SQLite gives it. */
export type SpoolRow = Readonly<Record<string, SQLOutputValue>>;

/** What a file knows besides its rows, and how it follows them. */
export interface FollowUp<Item> {
  /** An item is added, in the transaction of its row. */
  added(item: Item): void;
  /** The last row that waited is removed, in the transaction of that. */
  emptied(): void;
}

/** How items lie in a file: rows of the table `spooled`, which has at least `seq`, `bytes` and `refused`, in the order in which they came. */
export interface SpoolFormat<Item, Follows extends FollowUp<Item>> {
  /** A file of a later version is left to the version that wrote it. */
  readonly version: number;
  /** What makes a file of an earlier version one of this: files may wait for longer than an update takes. */
  readonly upgrades: ReadonlyMap<number, string>;
  /** Makes what is not there yet. */
  readonly tables: string;
  /** Adds a row; takes {@link SpoolFormat.valuesOf}. */
  readonly insert: string;
  /** The column that says when an item came to be, as {@link SpoolFormat.sinceOf}. */
  readonly sinceColumn: string;
  valuesOf(item: Item): SQLInputValue[];
  /** The item of a row; `undefined` when it is none of this version. */
  itemOf(row: SpoolRow): Item | undefined;
  /** About how many bytes of disk an item takes. */
  bytesOf(item: Item): number;
  sinceOf(item: Item): Instant;
  /** What a file knows besides its rows. */
  follow(database: DatabaseSync): Follows;
}

/** Follows nothing. */
export const NO_FOLLOW_UP: FollowUp<unknown> = { added: () => undefined, emptied: () => undefined };
