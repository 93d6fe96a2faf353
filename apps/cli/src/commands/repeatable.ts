import { InvalidArgumentError } from "commander";

/** Reads an option that may be given several times and takes a few words; what is given replaces the default. */
export function repeatable<const Word extends string>(
  words: readonly Word[],
): (given: string, previous: readonly Word[] | undefined) => readonly Word[] {
  let collected: readonly Word[] = [];
  return (given) => {
    const word = words.find((each) => each === given);
    if (word === undefined) throw new InvalidArgumentError(`Not one of ${words.join(", ")}.`);
    collected = [...collected, word];
    return collected;
  };
}
