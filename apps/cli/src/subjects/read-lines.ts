import { isUtf8 } from "node:buffer";

/** Longest line that is read, in bytes; longer ones are told apart from good ones without being kept in memory. */
export const MAX_LINE_BYTES = 1_048_576;

/** One line of a file. */
export interface InputLine {
  /** From 1. */
  readonly number: number;
  /** Without the line break; `null` when the line cannot be read. */
  readonly text: string | null;
  /** Why it cannot be read. */
  readonly fault?: string;
}

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = "\u{feff}";

/**
 * Splits a stream of bytes into lines, a batch of lines per piece of the stream. Needs the memory of one piece and one
 * line. A last line without a line break counts; an empty one after the last line break does not.
 *
 * @param onBytes is told the length of each piece
 */
export async function* readLines(
  stream: AsyncIterable<Buffer | string>,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<readonly InputLine[]> {
  const splitter = new LineSplitter();
  for await (const piece of stream) {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    onBytes(bytes.length);
    const lines = splitter.push(bytes);
    if (lines.length > 0) yield lines;
  }
  const last = splitter.end();
  if (last !== undefined) yield [last];
}

class LineSplitter {
  #number = 0;
  #started: Buffer[] = [];
  #startedBytes = 0;

  push(piece: Buffer): readonly InputLine[] {
    const lines: InputLine[] = [];
    let from = 0;
    for (let end = piece.indexOf(LINE_FEED); end !== -1; end = piece.indexOf(LINE_FEED, from)) {
      this.#keep(piece.subarray(from, end));
      lines.push(this.#finish());
      from = end + 1;
    }
    // A copy, so that the rest of the piece can be freed.
    if (from < piece.length) this.#keep(Buffer.from(piece.subarray(from)));
    return lines;
  }

  end(): InputLine | undefined {
    return this.#startedBytes === 0 ? undefined : this.#finish();
  }

  #keep(part: Buffer): void {
    this.#startedBytes += part.length;
    if (this.#startedBytes <= MAX_LINE_BYTES) this.#started.push(part);
    else this.#started = [];
  }

  #finish(): InputLine {
    const number = ++this.#number;
    const tooLong = this.#startedBytes > MAX_LINE_BYTES;
    const [first] = this.#started;
    const bytes = this.#started.length === 1 && first !== undefined ? first : Buffer.concat(this.#started);
    this.#started = [];
    this.#startedBytes = 0;
    if (tooLong) return { number, text: null, fault: `longer than ${MAX_LINE_BYTES} bytes` };
    if (!isUtf8(bytes)) return { number, text: null, fault: "not UTF-8" };
    const text = bytes.toString("utf8");
    return { number, text: number === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text };
  }
}
