import type { JsonValue } from "@lotty/domain";
import type { WriteMode } from "@lotty/decisions";

const DEFAULT_TTL_SECONDS = 60;

/**
 * The cache TTL as the reference reads its setting. Lotty checks settings at the start instead; scenarios still need
 * the value that the reference used. A setting that the reference cannot read switches the cache off here.
 */
export function effectiveTtlSeconds(raw: JsonValue | undefined): number {
  if (raw === undefined) return DEFAULT_TTL_SECONDS;
  if (typeof raw === "boolean") return raw ? 1 : 0;
  if (typeof raw === "number") return Math.max(0, Math.trunc(raw));
  if (typeof raw !== "string" || !/^\s*[+-]?\p{Nd}+(_\p{Nd}+)*\s*$/u.test(raw)) return 0;
  const digits = raw.trim().replaceAll("_", "");
  const isNegative = digits.startsWith("-");
  return isNegative ? 0 : Number([...digits.replace("+", "")].map(decimalDigit).join(""));
}

/** Digits of every script stand in runs of ten that begin at the zero. */
function decimalDigit(character: string): number {
  let value = 0;
  for (
    let point = (character.codePointAt(0) ?? 0) - 1;
    /\p{Nd}/u.test(String.fromCodePoint(point)) && value < 9;
    point -= 1
  ) {
    value += 1;
  }
  return value;
}

/** The write mode as the reference reads its setting: anything unknown is `sync`. */
export function effectiveWriteMode(raw: JsonValue | undefined): WriteMode {
  const text = typeof raw === "string" ? raw.toLowerCase() : "";
  return text === "async" || text === "disabled" ? text : "sync";
}
