/** A place in a text. */
export interface TextPosition {
  /** UTF-16 code units before it, from 0. */
  readonly offset: number;
  /** From 1. Lines end with LF, CR LF or CR. */
  readonly line: number;
  /** UTF-16 code units since the start of the line, from 1. */
  readonly column: number;
}

/** A stretch of a text. Empty when something is missing at `start`. */
export interface TextRange {
  readonly start: TextPosition;
  /** First place that no longer belongs to it. */
  readonly end: TextPosition;
}

/** A stretch of a text by offsets alone. */
export interface TextSpan {
  readonly start: number;
  /** First offset that no longer belongs to it. */
  readonly end: number;
}

/** Finds lines and columns of offsets; each look-up is logarithmic in the number of lines. */
export class LineIndex {
  /** Offsets at which lines start. */
  private readonly starts: readonly number[];

  constructor(text: string) {
    const starts = [0];
    for (const lineBreak of text.matchAll(/\r\n?|\n/g)) starts.push(lineBreak.index + lineBreak[0].length);
    this.starts = starts;
  }

  /** The range of a span, with lines and columns. */
  rangeOf(span: TextSpan): TextRange {
    return { start: this.positionAt(span.start), end: this.positionAt(span.end) };
  }

  private positionAt(offset: number): TextPosition {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { offset, line: low + 1, column: offset - (this.starts[low] ?? 0) + 1 };
  }
}
