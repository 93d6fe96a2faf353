import { z } from "zod";
import { nearestName } from "./nearest-name.ts";
import { SecretText } from "./secret-text.ts";
import { SecretUrl } from "./secret-url.ts";

/** The parts of the system that settings belong to, in the order in which documentation shows them. */
export const SETTING_GROUPS = [
  "Serving",
  "Access",
  "Control plane",
  "Notifications",
  "Database",
  "Redis",
  "Decisions",
  "Events",
  "Configuration",
  "Process",
] as const;

/** One of {@link SETTING_GROUPS}. */
export type SettingGroup = (typeof SETTING_GROUPS)[number];

/** What people read about a setting. */
export interface SettingFacts {
  readonly group: SettingGroup;
  /** One sentence: what the setting does. */
  readonly description: string;
  /** Which values it takes, as a noun phrase. */
  readonly values: string;
  /** The value used when the variable is not set; `null` when there is none. */
  readonly fallback: string | null;
}

/** A schema that reads one environment variable; `undefined` stands for a variable that is not set. */
export type Setting<Value> = z.ZodType<Value, string | undefined>;

/** The facts of every setting's schema. */
export const settingFacts: z.core.$ZodRegistry<SettingFacts> = z.registry<SettingFacts>();

/** A variable set to nothing is a mistake more often than a wish for the default. */
const EMPTY = { error: "is set, but empty", abort: true };

interface Described {
  readonly group: SettingGroup;
  readonly description: string;
}

/** A whole number between two bounds, both included. Space around it and leading zeros do not matter. */
export function wholeNumber(
  facts: Described & { readonly min: number; readonly max: number; readonly fallback: number },
): Setting<number> {
  const { group, description, min, max } = facts;
  const fallback = String(facts.fallback);
  const schema = digits(min, max).prefault(fallback);
  return describe(schema, { group, description, values: `a whole number from ${min} to ${max}`, fallback });
}

/** A whole number between two bounds that may be left out. */
export function optionalWholeNumber(
  facts: Described & { readonly min: number; readonly max: number },
): Setting<number | undefined> {
  const { group, description, min, max } = facts;
  const values = `a whole number from ${min} to ${max}`;
  return describe(digits(min, max).optional(), { group, description, values, fallback: null });
}

function digits(min: number, max: number): z.ZodType<number, string> {
  return z
    .string()
    .min(1, EMPTY)
    .regex(/^\s*\d{1,15}\s*$/, { error: (issue) => `${quote(issue.input)} is not a whole number`, abort: true })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error: (issue) => `${String(issue.input)} is out of range` });
}

/** One of a few words, in upper or lower case. */
export function choice<const Word extends string>(
  facts: Described & { readonly words: readonly Word[]; readonly fallback: Word },
): Setting<Word> {
  const { group, description, words, fallback } = facts;
  const schema = z
    .string()
    .min(1, EMPTY)
    .transform((given, context): Word => {
      const word = words.find((candidate) => candidate === given.toLowerCase());
      if (word !== undefined) return word;
      const near = nearestName(given.trim(), words);
      context.issues.push({
        code: "custom",
        input: given,
        message: `${quote(given)} is not one of its values`,
        params: near === undefined ? {} : { suggestion: near },
      });
      return z.NEVER;
    })
    .prefault(fallback);
  return describe(schema, { group, description, values: listed(words), fallback });
}

/** `true` or `false`, in upper or lower case. */
export function yesOrNo(facts: Described & { readonly fallback: boolean }): Setting<boolean> {
  const { group, description } = facts;
  const fallback = facts.fallback ? "true" : "false";
  const words = choice({ group, description, words: ["true", "false"], fallback });
  return describe(
    words.transform((word) => word === "true"),
    { group, description, values: listed(["true", "false"]), fallback },
  );
}

/** A text of one line that matches a pattern. */
export function text(
  facts: Described & { readonly pattern: RegExp; readonly values: string; readonly fallback: string },
): Setting<string> {
  const { group, description, pattern, values, fallback } = facts;
  const schema = z
    .string()
    .min(1, EMPTY)
    .regex(pattern, { error: (issue) => `${quote(issue.input)} does not fit` })
    .prefault(fallback);
  return describe(schema, { group, description, values, fallback });
}

/** A secret that may be left out, and what speaks against one, if anything. Faults never show it. */
export function optionalSecret(
  facts: Described & { readonly values: string; readonly faultOf: (secret: string) => string | undefined },
): Setting<SecretText | undefined> {
  const { faultOf, ...shown } = facts;
  const schema = z
    .string()
    .min(1, EMPTY)
    .superRefine((secret, context) => {
      const message = faultOf(secret);
      if (message !== undefined) context.addIssue({ code: "custom", message: `${message} (it is not shown)` });
    })
    .transform((secret) => new SecretText(secret))
    .optional();
  return describe(schema, { ...shown, fallback: null });
}

/** Several texts with commas between them that may be left out. */
export function optionalList(
  facts: Described & {
    readonly values: string;
    /** The texts, or `undefined` when one of them is wrong. */
    readonly read: (given: string) => readonly string[] | undefined;
  },
): Setting<readonly string[] | undefined> {
  const { read, ...shown } = facts;
  const schema = z
    .string()
    .min(1, EMPTY)
    .transform((given, context): readonly string[] => {
      const texts = read(given);
      if (texts !== undefined) return texts;
      context.issues.push({ code: "custom", input: given, message: `${quote(given)} does not fit` });
      return z.NEVER;
    })
    .optional();
  return describe(schema, { ...shown, fallback: null });
}

/** The path of a file that may be left out; empty means none, to overrule a default that somebody else has set. */
export function optionalPath(facts: Described): Setting<string | undefined> {
  const schema = z
    .string()
    .refine(hasNoNul, NUL)
    .transform((given) => (given === "" ? undefined : given))
    .optional();
  return describe(schema, { ...facts, values: "a path, or empty for none", fallback: null });
}

/** The path of a file or directory. */
export function path(facts: Described & { readonly fallback: string }): Setting<string> {
  const { group, description, fallback } = facts;
  const schema = z.string().min(1, EMPTY).refine(hasNoNul, NUL).prefault(fallback);
  return describe(schema, { group, description, values: "a path", fallback });
}

/** A URL that may hold a password, of one of a few schemes, and that may be left out. Faults never show it. */
export function optionalSecretUrl(
  facts: Described & { readonly schemes: readonly string[]; readonly example: string },
): Setting<SecretUrl | undefined> {
  const { group, description, schemes, example } = facts;
  const schema = z
    .string()
    .min(1, EMPTY)
    .refine((url) => URL.canParse(url), {
      error: "is not a URL (its text is not shown: it may hold a password)",
      abort: true,
    })
    .refine((url) => schemes.includes(schemeOf(url)), {
      error: (issue) => `has the scheme ${quote(schemeOf(String(issue.input)))}`,
    })
    .transform((url) => new SecretUrl(url))
    .optional();
  return describe(schema, { group, description, values: `a URL such as \`${example}\``, fallback: null });
}

/**
 * One URL, or several with commas between them, each of one of a few schemes; may be left out. Faults never show them: they
 * may hold passwords.
 */
export function optionalSecretUrls(
  facts: Described & { readonly schemes: readonly [string, ...string[]]; readonly example: string },
): Setting<readonly SecretUrl[] | undefined> {
  const { group, description, schemes, example } = facts;
  // A comma may also be part of a password, so only one before another URL separates.
  const separator = new RegExp(`,\\s*(?=(?:${schemes.join("|")})://)`);
  const schema = z
    .string()
    .min(1, EMPTY)
    .transform((given) => given.split(separator))
    .refine((urls) => urls.every(namesOneHost), {
      error: "is no URL, or no list of complete URLs (its text is not shown: it may hold a password)",
      abort: true,
    })
    .refine((urls) => urls.every((url) => schemes.includes(schemeOf(url))), {
      error: `has a scheme that is not ${schemes.join(" or ")}`,
    })
    .transform((urls) => urls.map((url) => new SecretUrl(url)))
    .optional();
  const values = `a URL such as \`${example}\`, or several with commas between them`;
  return describe(schema, { group, description, values, fallback: null });
}

function namesOneHost(url: string): boolean {
  return URL.canParse(url) && !new URL(url).hostname.includes(",");
}

function schemeOf(url: string): string {
  return new URL(url).protocol.slice(0, -1);
}

const NUL = { error: "holds a NUL character" };

function hasNoNul(given: string): boolean {
  return !given.includes("\0");
}

function describe<Value>(schema: Setting<Value>, facts: SettingFacts): Setting<Value> {
  settingFacts.add(schema, facts);
  return schema;
}

function listed(words: readonly string[]): string {
  const marked = words.map((word) => `\`${word}\``);
  return `${marked.slice(0, -1).join(", ")} or ${marked.at(-1)}`;
}

/** Longest part of a wrong value that a fault shows. */
const MAX_QUOTED = 60;

function quote(value: unknown): string {
  const shown = String(value);
  return JSON.stringify(shown.length > MAX_QUOTED ? `${shown.slice(0, MAX_QUOTED)}...` : shown);
}
