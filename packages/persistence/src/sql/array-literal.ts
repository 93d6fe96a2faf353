const NEEDS_ESCAPE = /["\\]/;
const TO_ESCAPE = /["\\]/g;

/**
 * Writes texts as the literal of a Postgres array. Both drivers take such a literal for a parameter of any array type,
 * and it is several times faster to make than going through the drivers' own generic conversion.
 */
export function textArray(values: readonly (string | null)[]): string {
  let literal = "{";
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (index > 0) literal += ",";
    literal += value === null || value === undefined ? "NULL" : quoted(value);
  }
  return `${literal}}`;
}

/** Hardly any text has something to escape, and to see that takes a third of the time that replacing takes. */
function quoted(value: string): string {
  return NEEDS_ESCAPE.test(value) ? `"${value.replace(TO_ESCAPE, "\\$&")}"` : `"${value}"`;
}

/** Writes numbers or booleans as the literal of a Postgres array. */
export function plainArray(values: readonly (number | boolean | null)[]): string {
  let literal = "{";
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) literal += ",";
    literal += values[index] ?? "NULL";
  }
  return `${literal}}`;
}
