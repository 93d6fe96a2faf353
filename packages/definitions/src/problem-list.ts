import type { Node } from "yaml";
import { DEFINITION_LIMITS } from "./limits.ts";
import type { DefinitionProblem } from "./problem.ts";

/** What a problem says; where it is comes separately. */
export interface Complaint {
  readonly message: string;
  readonly hint?: string | undefined;
}

/** A place in the text: a character offset, or the start of a node. */
export type Place = number | Node | null | undefined;

/** Gathers the problems of one file and turns offsets into lines and columns. */
export class ProblemList {
  readonly #file: string;
  readonly #lineStarts: readonly number[];
  readonly #found: DefinitionProblem[] = [];
  readonly #warnings: DefinitionProblem[] = [];

  constructor(file: string, text: string) {
    this.#file = file;
    this.#lineStarts = [0, ...Array.from(text.matchAll(/\n/g), (newline) => newline.index + 1)];
  }

  /** Whether so many problems are known that looking for more helps nobody. */
  get full(): boolean {
    return this.#found.length >= DEFINITION_LIMITS.maxProblems;
  }

  get isEmpty(): boolean {
    return this.#found.length === 0;
  }

  /** Adds a problem; does nothing when the list is full. */
  add(place: Place, path: string, complaint: Complaint): void {
    if (!this.full) this.#found.push(this.#located(place, path, complaint));
  }

  /** Adds something doubtful that does not keep the file from being used. */
  warn(place: Place, path: string, complaint: Complaint): void {
    if (this.#warnings.length < DEFINITION_LIMITS.maxProblems)
      this.#warnings.push(this.#located(place, path, complaint));
  }

  /** Line and column, from 1, of a place. */
  position(place: Place): { readonly line: number; readonly column: number } {
    const offset = typeof place === "number" ? place : (place?.range?.[0] ?? 0);
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (this.#lineStarts[low] ?? 0) + 1 };
  }

  /** The problems in the order of the file. */
  sorted(): readonly DefinitionProblem[] {
    return inOrder(this.#found);
  }

  /** The warnings in the order of the file. */
  warnings(): readonly DefinitionProblem[] {
    return inOrder(this.#warnings);
  }

  #located(place: Place, path: string, { message, hint }: Complaint): DefinitionProblem {
    return { file: this.#file, ...this.position(place), path, message, ...(hint === undefined ? {} : { hint }) };
  }
}

function inOrder(found: readonly DefinitionProblem[]): readonly DefinitionProblem[] {
  return found.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
