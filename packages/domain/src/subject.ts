import type { JsonObject } from "./json-value.ts";

/** Who is decided for. */
export interface Subject {
  /** Stable id: 1 to 256 bytes of UTF-8, no NUL, no lone surrogate. Compared byte by byte: no trimming, no case folding. */
  readonly id: string;
  /** Facts that targeting rules read. Plain JSON. */
  readonly attributes: JsonObject;
}

/** Longest subject id, in bytes of UTF-8. */
export const MAX_SUBJECT_ID_BYTES = 256;

/** What is wrong with a subject id. */
export type SubjectIdFault = "empty" | "too_long" | "contains_nul" | "not_well_formed";

/** Checks a subject id that comes from outside; `undefined` means that it is fine. */
export function subjectIdFault(id: string): SubjectIdFault | undefined {
  if (id.length === 0) return "empty";
  if (id.includes("\0")) return "contains_nul";
  if (!id.isWellFormed()) return "not_well_formed";
  return exceedsUtf8(id, MAX_SUBJECT_ID_BYTES) ? "too_long" : undefined;
}

function exceedsUtf8(text: string, limit: number): boolean {
  if (text.length > limit) return true;
  // One UTF-16 unit takes at most three bytes, so short texts need no counting.
  if (text.length * 3 <= limit) return false;
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes > limit;
}
