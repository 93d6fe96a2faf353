/** How many subjects are made up: ten in each of the 10,000 buckets. */
export const SYNTHETIC_SUBJECTS = 100_000;

/** The id of a subject that nobody has. Numbers in a row are the hardest case for a hash: they differ by a digit. */
export function syntheticSubject(place: number): string {
  return `synthetic-${place}`;
}
