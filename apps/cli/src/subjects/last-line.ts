import type { FileHandle } from "node:fs/promises";

/** The end of a file of lines. */
export interface LastLine {
  /** The last complete line, without its line break; `null` when there is none. */
  readonly text: string | null;
  /** Its first byte. */
  readonly start: number;
  /** First byte after its line break. What follows is half a line. */
  readonly end: number;
}

const PIECE_BYTES = 65_536;
const LINE_FEED = 0x0a;

/** Reads a file backwards until it has a whole line: memory for one line, however long the file. */
export async function lastLine(file: FileHandle): Promise<LastLine> {
  let bytes: Buffer = Buffer.alloc(0);
  let from = (await file.stat()).size;
  for (;;) {
    const end = bytes.lastIndexOf(LINE_FEED);
    const before = end <= 0 ? -1 : bytes.lastIndexOf(LINE_FEED, end - 1);
    if (end !== -1 && (before !== -1 || from === 0)) {
      const start = before + 1;
      return { text: bytes.toString("utf8", start, end), start: from + start, end: from + end + 1 };
    }
    if (from === 0) return { text: null, start: 0, end: 0 };
    const length = Math.min(PIECE_BYTES, from);
    from -= length;
    const piece = Buffer.alloc(length);
    await file.read(piece, 0, length, from);
    bytes = Buffer.concat([piece, bytes]);
  }
}
