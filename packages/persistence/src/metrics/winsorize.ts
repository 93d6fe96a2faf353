import type { Winsorizing } from "@lotty/domain";

/**
 * Pulls extreme values in to percentiles of all rows together, column by column. The percentiles are those of `percentile_cont`: between
 * two values in proportion.
 */
export function winsorize(
  rows: readonly (readonly number[])[],
  { ignoreZeros, lower, upper }: Winsorizing,
): readonly (readonly number[])[] {
  const columns = rows[0]?.length ?? 0;
  const caps = Array.from({ length: columns }, (_, column) => {
    const all = rows.map((row) => row[column] ?? 0);
    const pool = Float64Array.from(ignoreZeros ? all.filter((value) => value !== 0) : all).sort();
    return { low: percentile(pool, lower) ?? -Infinity, high: percentile(pool, upper) ?? Infinity };
  });
  return rows.map((row) =>
    row.map((value, column) => Math.max(caps[column]?.low ?? value, Math.min(value, caps[column]?.high ?? value))),
  );
}

/** `undefined` for no share, and of no values. */
function percentile(ascending: Float64Array, share: number | null): number | undefined {
  if (share === null || ascending.length === 0) return undefined;
  const place = share * (ascending.length - 1);
  const below = ascending[Math.floor(place)] ?? 0;
  const above = ascending[Math.ceil(place)] ?? 0;
  return below + (above - below) * (place - Math.floor(place));
}
