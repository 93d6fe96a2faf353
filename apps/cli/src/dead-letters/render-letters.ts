import { type DeadLetter, formatInstant } from "@lotty/domain";
import type { Paint } from "../terminal/paint.ts";
import { visibleText } from "../terminal/visible-text.ts";
import type { LetterKind } from "./letter-kind.ts";

/** Longest text of a cell, in characters; `--json` has the whole. */
const LONGEST_CELL = 36;
const LONGEST_REASON = 100;

/** Dead letters as a table, one line each whatever they hold. What cannot be read is a dash. */
export function renderLetters<Item>(
  letters: readonly DeadLetter<Item>[],
  kind: LetterKind<Item>,
  paint: Paint,
): string {
  const headings = ["ID", "SET ASIDE", "TRIES", ...kind.headings, "REASON"];
  const rows = letters.map((letter) => cells(letter, kind));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [paint("quiet", line(headings)), ...rows.map(line)].join("\n");
}

/** A dead letter for programs, in the names of the API. */
export function presentLetter<Item>(
  letter: DeadLetter<Item>,
  kind: LetterKind<Item>,
): Readonly<Record<string, unknown>> {
  const { content, fault } = contentOf(letter);
  return {
    id: letter.id,
    shard: letter.shard,
    set_aside_at: formatInstant(letter.setAsideAt),
    tries: letter.deliveries,
    reason: letter.reason,
    ...kind.present(content),
    malformed: fault,
    payload: letter.payload,
  };
}

function cells<Item>(letter: DeadLetter<Item>, kind: LetterKind<Item>): readonly string[] {
  const { content } = contentOf(letter);
  return [
    letter.id,
    formatInstant(letter.setAsideAt),
    String(letter.deliveries),
    ...(content === null ? kind.headings.map(() => "-") : kind.cells(content)).map((each) => cell(each, LONGEST_CELL)),
    cell(letter.reason, LONGEST_REASON),
  ];
}

/** What a letter holds, or why it holds nothing that can be read. */
function contentOf<Item>({ item }: DeadLetter<Item>): { readonly content: Item | null; readonly fault: string | null } {
  return isMalformed(item) ? { content: null, fault: item.malformed } : { content: item, fault: null };
}

function isMalformed(content: unknown): content is { readonly malformed: string } {
  return (
    typeof content === "object" && content !== null && "malformed" in content && typeof content.malformed === "string"
  );
}

/** On one line, with nothing that steers the terminal, and cut where it is too long. */
function cell(text: string, longest: number): string {
  const line = visibleText(text).replace(/\s+/g, " ").trim();
  if (line === "") return "-";
  const characters = Array.from(line);
  return characters.length > longest ? `${characters.slice(0, longest - 1).join("")}…` : line;
}
