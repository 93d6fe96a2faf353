import { RE2JS } from "re2js";

const COUNTED_REPETITION = /\{(\d+)(?:,(\d*))?\}/g;

/** Largest count that the pattern engine takes, also of repetitions inside of repetitions together. */
const MAX_COUNT = 1_000;

/**
 * Upper bound of what a pattern grows to when it is compiled: its length times its counted repetitions. Generous to
 * patterns without counts, which grow in proportion to their length.
 */
export function patternCost(pattern: string): number {
  let factor = 1;
  for (const [, least = "1", most = ""] of pattern.matchAll(COUNTED_REPETITION)) {
    factor = Math.min(MAX_COUNT, factor * Math.max(1, Number(least), Number(most)));
  }
  return pattern.length * factor;
}

/** Why a pattern cannot be used. */
export interface PatternFault {
  readonly message: string;
  readonly hint: string;
}

/** What the pattern engine lacks on purpose, because it could not keep its promise of linear time. */
const UNSUPPORTED: readonly { readonly sign: RegExp; readonly name: string; readonly hint: string }[] = [
  {
    sign: /\(\?<?[=!]/,
    name: "look-ahead and look-behind",
    hint: "Write two conditions instead, one of them with NOT",
  },
  { sign: /\\[1-9]|\(\?P=|\\k</, name: "back-references", hint: "Write out what may be repeated" },
  {
    sign: /\(\?>|[*+?}]\+/,
    name: "possessive and atomic parts",
    hint: "Leave them out; patterns cannot run away here",
  },
  { sign: /\(\?\(/, name: "conditional parts", hint: "Write two conditions and join them with OR" },
];

/** Tells why the pattern engine refuses a pattern; `undefined` when it takes it. Cost as {@link patternCost}. */
export function patternFault(pattern: string): PatternFault | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    const unsupported = UNSUPPORTED.find(({ sign }) => sign.test(pattern));
    if (unsupported !== undefined) {
      return { message: `Patterns here have no ${unsupported.name}.`, hint: unsupported.hint };
    }
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "it cannot be read";
    return {
      message: `The pattern is not one: ${reason}.`,
      hint: "A special character that is meant as itself needs a backslash before it",
    };
  }
}
