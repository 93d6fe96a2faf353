import { EMPTY_AUDIT_HEAD, type AuditEntry, type AuditHead } from "@lotty/domain";
import { entryHash } from "./entry-hash.ts";

/** What was done to a chain: a row is not as it was, is gone, or was not there. */
export type ChainFaultKind = "altered" | "removed" | "inserted";

/** What became of checking a chain. */
export type ChainVerdict =
  | { readonly ok: true; readonly entries: number; readonly head: AuditHead }
  | {
      readonly ok: false;
      readonly kind: ChainFaultKind;
      /** Place of the first row that is concerned. */
      readonly sequence: number;
      /** The row; `null` when it is gone. */
      readonly entryId: string | null;
      /** Rows before it, which are as they were. */
      readonly entries: number;
    };

/** How much of a chain is checked. */
export interface ChainBounds {
  /** Where the rows begin; the start of the chain unless said otherwise. */
  readonly after?: AuditHead;
  /** The end that the chain is known to have. Without it, rows that are missing at the end cannot be noticed. */
  readonly head?: AuditHead;
}

/**
 * Checks a chain and finds the first row that was altered, removed or inserted. Takes the rows by sequence, those of one sequence
 * in any order; keeps those of three sequences in memory.
 *
 * A row whose hash was made to fit what was altered in it shows by the row after it, which knows its hash. The last row has none,
 * so that takes {@link ChainBounds.head}, kept where whoever writes to the table cannot.
 */
export async function verifyChain(
  rows: Iterable<AuditEntry> | AsyncIterable<AuditEntry>,
  { after = EMPTY_AUDIT_HEAD, head }: ChainBounds = {},
): Promise<ChainVerdict> {
  let verified: AuditHead = { sequence: after.sequence, hash: after.hash };
  let entries = 0;
  for await (const window of windows(rows)) {
    const [group] = window;
    const { sequence } = group;
    const expected = verified.sequence + 1;
    if (sequence > expected) return { ok: false, kind: "removed", sequence: expected, entryId: null, entries };
    const genuine = sequence === expected ? genuineRow(window, verified.hash, head) : undefined;
    const odd = group.rows.find((row) => row !== genuine);
    if (genuine === undefined || odd !== undefined || (head !== undefined && sequence > head.sequence)) {
      const isExtra = sequence < expected || group.rows.length > 1 || (head !== undefined && sequence > head.sequence);
      const entryId = (odd ?? genuine)?.entry.id ?? null;
      return { ok: false, kind: isExtra ? "inserted" : "altered", sequence, entryId, entries };
    }
    verified = { sequence, hash: genuine.entry.hash };
    entries += 1;
  }
  if (head !== undefined && head.sequence > verified.sequence) {
    return { ok: false, kind: "removed", sequence: verified.sequence + 1, entryId: null, entries };
  }
  return { ok: true, entries, head: verified };
}

/** A row, and whether its hash is that of what it says. */
interface CheckedRow {
  readonly entry: AuditEntry;
  readonly intact: boolean;
}

/** All rows of one sequence; one, unless somebody inserted another. */
interface Group {
  readonly sequence: number;
  readonly rows: CheckedRow[];
}

/** Rows and those that follow them. */
type Window = readonly [group: Group, next: Group | undefined, afterNext: Group | undefined];

/** The row of a group that fits what came before, and what those after it know; `undefined` when none does. */
function genuineRow(
  [group, next, afterNext]: Window,
  before: string,
  head: AuditHead | undefined,
): CheckedRow | undefined {
  const fitting = group.rows.filter(({ entry, intact }) => intact && entry.previousHash === before);
  const known =
    next === undefined && head !== undefined && head.sequence === group.sequence
      ? head.hash
      : hashKnownTo(group, [next, afterNext], head);
  return known === undefined ? fitting[0] : fitting.find(({ entry }) => entry.hash === known);
}

/**
 * The hash that the next row knows of a group. Only a row that is intact, and that the one after it confirms, can speak against
 * another one; `undefined` when there is none.
 */
function hashKnownTo(
  group: Group,
  [next, afterNext]: readonly [Group | undefined, Group | undefined],
  head: AuditHead | undefined,
): string | undefined {
  if (next === undefined || next.sequence !== group.sequence + 1) return undefined;
  const intact = next.rows.filter((row) => row.intact).map(({ entry }) => entry);
  const later = (afterNext?.rows ?? []).filter((row) => row.intact).map(({ entry }) => entry.previousHash);
  const confirming = head?.sequence === next.sequence ? [head.hash] : later;
  if (confirming.length === 0) return intact[0]?.previousHash;
  return intact.find(({ hash }) => confirming.includes(hash))?.previousHash;
}

async function* windows(rows: Iterable<AuditEntry> | AsyncIterable<AuditEntry>): AsyncIterable<Window> {
  let first: Group | undefined;
  let second: Group | undefined;
  for await (const group of bySequence(rows)) {
    if (first !== undefined) yield [first, second, group];
    first = second;
    second = group;
  }
  if (first !== undefined) yield [first, second, undefined];
  if (second !== undefined) yield [second, undefined, undefined];
}

async function* bySequence(rows: Iterable<AuditEntry> | AsyncIterable<AuditEntry>): AsyncIterable<Group> {
  let group: Group | undefined;
  for await (const entry of rows) {
    const row = { entry, intact: entryHash(entry) === entry.hash };
    if (group !== undefined && group.sequence === entry.sequence) {
      group.rows.push(row);
      continue;
    }
    if (group !== undefined) yield group;
    group = { sequence: entry.sequence, rows: [row] };
  }
  if (group !== undefined) yield group;
}
