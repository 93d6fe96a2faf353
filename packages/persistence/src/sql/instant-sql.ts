/**
 * SQL that reads a timestamptz column as whole microseconds. `extract` gives an exact numeric; JavaScript dates would
 * cut the microseconds off.
 */
export function microsOf(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000000)::bigint`;
}

/**
 * SQL that turns whole microseconds into a timestamptz. Multiplying an interval of one microsecond is exact for every
 * safe integer, dividing by a million is not.
 */
export function instantOf(micros: string): string {
  return `(timestamptz 'epoch' + ${micros} * interval '1 microsecond')`;
}
