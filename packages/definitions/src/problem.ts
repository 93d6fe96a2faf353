/** Something in a definitions file that keeps it from being used. */
export interface DefinitionProblem {
  /** Name of the file as it was given. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** Where in the structure, such as `experiments[2].variants[0].weight`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  /** What to do about it, when that is known. */
  readonly hint?: string;
}

const MAX_EXCERPT = 160;

/**
 * Prints a problem with the line it is on and a mark under the place:
 *
 * ```text
 * lotty.yaml:7:13: experiments[0].traffic: must lie between 0 and 100
 *   7 |     traffic: 120
 *     |              ^ write a percentage, such as 25 or 12.50
 * ```
 *
 * @param text the text that was read, from which the line is taken
 */
export function renderProblem(problem: DefinitionProblem, text: string): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const head = `${place}: ${problem.path === "" ? "" : `${problem.path}: `}${problem.message}`;
  const source = (text.split(/\r?\n/, problem.line)[problem.line - 1] ?? "").replaceAll("\t", " ");
  // A generated file may be one line of a megabyte; show the surroundings of the place.
  const start = problem.column > MAX_EXCERPT ? problem.column - MAX_EXCERPT / 2 : 0;
  const number = String(problem.line);
  const hint = problem.hint === undefined ? "" : ` ${problem.hint}`;
  return [
    head,
    `  ${number} | ${source.slice(start, start + MAX_EXCERPT)}`,
    `  ${" ".repeat(number.length)} | ${" ".repeat(Math.max(0, problem.column - 1 - start))}^${hint}`,
  ].join("\n");
}
