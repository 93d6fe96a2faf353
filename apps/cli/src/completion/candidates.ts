import type { Argument, Command, Option } from "commander";

/** One way to go on. */
export interface Candidate {
  readonly word: string;
  readonly description: string;
}

/** All ways to go on from what is typed. */
export interface Candidates {
  readonly words: readonly Candidate[];
  /** Whether names of files would do as well. */
  readonly files: boolean;
}

const NONE: Candidates = { words: [], files: false };

/**
 * How a command line may go on.
 *
 * @param words what follows the name of the program; the last one is the one that is typed, and may be empty
 */
export function candidatesFor(program: Command, words: readonly string[]): Candidates {
  const { before, current, prefix } = partsOf(words);
  let command = program;
  let given = 0;
  let valueOf: Option | undefined;
  for (const word of before) {
    if (valueOf !== undefined) {
      valueOf = undefined;
      continue;
    }
    if (word.startsWith("-")) {
      valueOf = optionOf(command, word);
      continue;
    }
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) given += 1;
    else [command, given] = [next, 0];
  }
  const found = valueOf === undefined ? wordsOf(command, given, current) : valuesOf(valueOf.argChoices, valueOf.flags);
  const fitting = found.words.filter(({ word }) => word.startsWith(current));
  return { ...found, words: fitting.map((each) => ({ ...each, word: `${prefix}${each.word}` })) };
}

/** The option that a word names, if it takes a value. */
function optionOf(command: Command, word: string): Option | undefined {
  return command.options.find(
    ({ long, optional, required, short }) => (long === word || short === word) && (required || optional),
  );
}

/** What is typed, with options and their values apart. */
interface Parts {
  readonly before: readonly string[];
  readonly current: string;
  /** What stands before the current value in the same word, as in `--outcome=`. */
  readonly prefix: string;
}

/** Bash hands `--outcome=x` on as three words, other shells as one. */
function partsOf(words: readonly string[]): Parts {
  const parts: { readonly text: string; readonly prefix: string }[] = [];
  for (const [place, word] of words.entries()) {
    const [, option, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
    if (option !== undefined && value !== undefined) {
      parts.push({ text: option, prefix: "" }, { text: value, prefix: `${option}=` });
    } else if (word !== "=" || place === 0) {
      parts.push({ text: word, prefix: "" });
    } else if (place === words.length - 1) {
      parts.push({ text: "", prefix: "" });
    }
  }
  const last = parts.at(-1);
  return {
    before: parts.slice(0, -1).map(({ text }) => text),
    current: last?.text ?? "",
    prefix: last?.prefix ?? "",
  };
}

function wordsOf(command: Command, given: number, current: string): Candidates {
  const help = command.createHelp();
  if (current.startsWith("-")) {
    const options = help.visibleOptions(command).map(({ description, long, short }) => ({
      word: long ?? short ?? "",
      description,
    }));
    return { words: options, files: false };
  }
  if (command.commands.length > 0) {
    const words = help.visibleCommands(command).map((each) => ({
      word: each.name(),
      description: each.summary() || each.description(),
    }));
    return { words, files: false };
  }
  const argument = argumentAt(command.registeredArguments, given);
  return argument === undefined ? NONE : valuesOf(argument.argChoices, argument.name());
}

function argumentAt(all: readonly Argument[], place: number): Argument | undefined {
  const last = all.at(-1);
  return all[place] ?? (last?.variadic === true ? last : undefined);
}

/** Something that is called a file is one. */
function valuesOf(choices: readonly string[] | undefined, name: string): Candidates {
  const words = (choices ?? []).map((word) => ({ word, description: "" }));
  return { words, files: choices === undefined && /\bfile\b/.test(name) };
}
