/** A fenced block of a page that runs as a test. */
export interface DocumentedExample {
  /** What comes after the opening fence. */
  readonly kind: string;
  /** Line of the page on which the example begins, from 1. */
  readonly line: number;
  /** What stands above `---`. */
  readonly text: string;
  /** The lines below `---`. */
  readonly expected: readonly string[];
}

const FENCED = /^```(lotty-[a-z]+)\n([\s\S]*?)^```$/gm;

/** Finds the examples of a page written in Markdown, in order. */
export function readExamples(markdown: string): readonly DocumentedExample[] {
  return Array.from(markdown.matchAll(FENCED), (block) => {
    const [, kind = "", body = ""] = block;
    const [text = "", expected = ""] = body.split(/^---\n/m);
    return {
      kind,
      line: markdown.slice(0, block.index).split("\n").length + 1,
      text: text.trimEnd(),
      expected: expected.split("\n").filter((line) => line !== ""),
    };
  });
}
