import type { IToken } from "chevrotain";
import type { Finding } from "./diagnostics.ts";
import { excerpt } from "./excerpt.ts";
import { quoteText } from "./quoted-text.ts";
import { spanOf } from "./token-span.ts";
import { MalformedName, MalformedNumber, TypographicText, UnterminatedText, WrongSymbol } from "./tokens.ts";

/** What to write instead of a symbol of another language. */
export const SYMBOL_REPLACEMENTS: Readonly<Record<string, string>> = {
  "=": "==",
  "===": "==",
  "!==": "!=",
  "<>": "!=",
  "≠": "!=",
  "=>": ">=",
  "≥": ">=",
  "=<": "<=",
  "≤": "<=",
  "&": "AND",
  "&&": "AND",
  "|": "OR",
  "||": "OR",
  "!": "NOT",
  "¬": "NOT",
};

/** Explains a word that the lexer knows to be a mistake; `undefined` for a right one. */
export function describeMistake(token: IToken): Finding | undefined {
  const quoted = excerpt(token.image);
  const span = spanOf(token);
  switch (token.tokenType) {
    case UnterminatedText:
      return {
        code: "unterminated_text",
        span,
        message: `The text that begins with ${quoted} has no closing quote.`,
        hint: /[”’»]/.test(token.image)
          ? "The closing quote is a typographic one; use a plain \" or '."
          : `Put a ${token.image.startsWith('"') ? '"' : "'"} where the text ends.`,
      };
    case TypographicText:
      return {
        code: "typographic_quotes",
        span,
        message: `${quoted} has quotes that rules do not know.`,
        hint: `Use plain quotes: ${quoteText(token.image.slice(1, -1))}`,
      };
    case MalformedNumber:
      return { code: "malformed_number", span, message: `${quoted} is not a number.`, hint: numberHint(token.image) };
    case MalformedName:
      return {
        code: "malformed_name",
        span,
        message: `${quoted} is not the name of an attribute.`,
        hint: token.image.includes("-")
          ? `A name with a dash goes into brackets: attributes[${quoteText(token.image)}]`
          : "A dot stands between two names, without spaces, as in user.plan",
      };
    case WrongSymbol: {
      const replacement = SYMBOL_REPLACEMENTS[token.image];
      return {
        code: "wrong_symbol",
        span,
        message: `${quoted} means nothing in rules.`,
        hint: replacement === undefined ? undefined : `Did you mean \`${replacement}\`?`,
      };
    }
    default:
      return undefined;
  }
}

/** Explains characters that begin no word. */
export function describeStrayCharacters(text: string, offset: number, length: number): Finding {
  const stray = text.slice(offset, offset + length);
  return {
    code: "unexpected_character",
    span: { start: offset, end: offset + length },
    message: /^[\p{Cc}\p{Cf}]+$/u.test(stray)
      ? `There is an invisible character (${codePoints(stray)}) that does not belong in a rule.`
      : `${excerpt(stray)} does not belong in a rule.`,
    hint: strayHint(text, offset, stray),
  };
}

function numberHint(image: string): string {
  if (/^\d{4}-\d\d-\d\d/.test(image)) return `Write a date as date(${quoteText(image)})`;
  if (/^\d+(\.\d+){2,}/.test(image)) return `Write a version as semver(${quoteText(image)})`;
  if (/^[-+]?\./.test(image)) return `Put a digit before the point: ${image.replace(/^\+/, "").replace(".", "0.")}`;
  if (image.endsWith(".")) return `Leave out the point, or put a digit after it: ${image}0`;
  if (image.startsWith("+")) return `Leave out the plus sign: ${image.slice(1)}`;
  if (image.includes("_")) return `Leave out the underscores: ${image.replaceAll("_", "")}`;
  return "Write numbers in decimal digits, such as 255";
}

function strayHint(text: string, offset: number, stray: string): string | undefined {
  if (/^\p{L}/u.test(stray)) {
    return 'Texts need quotes; a name with other letters than a to z goes into brackets: attributes["größe"]';
  }
  if (/^[@$]/.test(stray)) return "Write the name of the attribute alone, such as country";
  if (/^[%€£]/.test(stray)) return "Write the number alone";
  if (text.startsWith("--", offset) || text.startsWith("//", offset) || text.startsWith("/*", offset)) {
    return "A comment begins with #";
  }
  if (/^[\p{Cc}\p{Cf}]/u.test(stray)) return "Delete it; it may have come along when the rule was pasted";
  if (stray.startsWith(";")) return "Leave it out";
  return "Texts and patterns need quotes";
}

function codePoints(text: string): string {
  return Array.from(
    text.slice(0, 8),
    (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`,
  ).join(" ");
}
