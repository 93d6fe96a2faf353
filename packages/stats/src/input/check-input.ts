import { LottyError } from "@lotty/domain";

/** What a number can be asked to be. */
export type NumberKind = "finite" | "positive" | "not negative" | "count" | "probability" | "share";

/** What is asked, in words and as a test. */
interface Requirement {
  readonly words: string;
  readonly holds: (value: number) => boolean;
}

const REQUIREMENTS: Readonly<Record<NumberKind, Requirement>> = {
  finite: { words: "a finite number", holds: Number.isFinite },
  positive: { words: "a finite number above 0", holds: (value) => value > 0 && Number.isFinite(value) },
  "not negative": { words: "a finite number of at least 0", holds: (value) => value >= 0 && Number.isFinite(value) },
  count: { words: "a whole number of at least 0", holds: (value) => Number.isSafeInteger(value) && value >= 0 },
  probability: { words: "above 0 and below 1", holds: (value) => value > 0 && value < 1 },
  share: { words: "from 0 to 1", holds: (value) => value >= 0 && value <= 1 },
};

/**
 * Checks numbers that a caller hands in.
 *
 * @param values by the names that the message gives them
 * @throws LottyError `invalid_request` naming the first value that is not what is required
 */
export function checkNumbers(kind: NumberKind, values: Readonly<Record<string, number>>): void {
  const { holds, words } = REQUIREMENTS[kind];
  for (const [name, value] of Object.entries(values)) {
    if (!holds(value)) throw invalidInput(`${name} has to be ${words}, and is ${String(value)}.`);
  }
}

/** Checks every number of a list; see {@link checkNumbers}. */
export function checkEach(kind: NumberKind, name: string, values: readonly number[]): void {
  for (const [index, value] of values.entries()) checkNumbers(kind, { [`${name}[${String(index)}]`]: value });
}

/**
 * Checks that lists which belong together are of one length.
 *
 * @throws LottyError `invalid_request`
 */
export function checkSameLength(lists: Readonly<Record<string, readonly unknown[]>>): void {
  const lengths = new Set(Object.values(lists).map(({ length }) => length));
  if (lengths.size > 1) throw invalidInput(`${Object.keys(lists).join(", ")} have to be of one length.`);
}

/** The error for an input that a function does not take. */
export function invalidInput(message: string): LottyError {
  return new LottyError("invalid_request", message);
}
