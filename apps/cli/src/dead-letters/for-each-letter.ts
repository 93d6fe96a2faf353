import type { DeadLetters } from "@lotty/domain";

/** Letters of one page: their commands go to Redis together. */
const PAGE = 200;

/** Which letters to work on. */
export type Selection = { readonly ids: readonly string[] } | { readonly all: true };

/** What came of one letter. */
export interface LetterOutcome<Outcome> {
  readonly id: string;
  readonly outcome: Outcome;
}

/** What to do with each letter. */
export interface LetterWork<Outcome> {
  readonly act: (id: string) => Promise<Outcome>;
  /** Ends the work between two pages. */
  readonly stop: AbortSignal;
}

/**
 * Does something with each of the letters. `all` are those that are there now: what a worker sets aside meanwhile, perhaps
 * again, waits for the next time. Outcomes are in the order of the letters.
 *
 * @throws what the work throws, or the reason of the signal
 */
export async function forEachLetter<Outcome>(
  letters: DeadLetters<unknown>,
  selection: Selection,
  work: LetterWork<Outcome>,
): Promise<readonly LetterOutcome<Outcome>[]> {
  const outcomes: LetterOutcome<Outcome>[] = [];
  for await (const ids of "ids" in selection ? pagesOf([...new Set(selection.ids)]) : pagesOfAll(letters)) {
    work.stop.throwIfAborted();
    outcomes.push(...(await Promise.all(ids.map(async (id) => ({ id, outcome: await work.act(id) })))));
  }
  return outcomes;
}

function* pagesOf(ids: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < ids.length; start += PAGE) yield ids.slice(start, start + PAGE);
}

async function* pagesOfAll(letters: DeadLetters<unknown>): AsyncGenerator<readonly string[]> {
  let left = await letters.size();
  let last: string | undefined;
  while (left > 0) {
    const page = await letters.list(Math.min(PAGE, left), last);
    if (page.length === 0) return;
    left -= page.length;
    last = page.at(-1)?.id;
    yield page.map(({ id }) => id);
  }
}
