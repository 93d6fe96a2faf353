import { compareCodePoints, isJsonObject, type JsonObject, type JsonValue } from "@lotty/domain";
import { sha256Hex } from "#sha256";

/** Digest of a subject's attributes: SHA-256 of their canonical text, in lower-case hex. */
export function attributesDigest(attributes: JsonObject): string {
  return sha256Hex(canonicalJson(attributes));
}

/**
 * The canonical text of a JSON value: keys in code-point order at every level, no white space, ASCII only, numbers as
 * the reference prints them. Equal values have equal texts. Recursion is as deep as the value.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return canonicalNumber(value);
  if (isJsonObject(value)) {
    const keys = Object.keys(value).sort(compareCodePoints);
    return `{${keys.map((key) => `${quote(key)}:${canonicalJson(value[key] ?? null)}`).join(",")}}`;
  }
  if (typeof value === "object" && value !== null) return `[${value.map(canonicalJson).join(",")}]`;
  return String(value);
}

/**
 * A number as the reference prints it: integers in full; others by the shortest digits that read back, with an exponent
 * of at least two digits when it is below -4 or at least 16.
 */
export function canonicalNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : value < 0 ? "-Infinity" : "NaN";
  const [mantissa = "", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const sign = exponent < 0 ? "-" : "+";
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  return plainDigits(value, mantissa, exponent);
}

/** Writes out a number whose exponent lies between -4 and 15, always with a digit after the point. */
function plainDigits(value: number, mantissa: string, exponent: number): string {
  const digits = mantissa.replace(/[-.]/g, "");
  const sign = value < 0 ? "-" : "";
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

const PLAIN_TEXT = /^[ !#-[\]-~]*$/;
const SPECIAL_UNITS = /["\\]|[^ -~]/g;
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\f": "\\f",
  "\b": "\\b",
};

function quote(text: string): string {
  if (PLAIN_TEXT.test(text)) return `"${text}"`;
  return `"${text.replace(SPECIAL_UNITS, escapeUnit)}"`;
}

function escapeUnit(unit: string): string {
  return SHORT_ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
