/** Work in slices: it pauses now and then, so that whoever drives it can let others work. */
export type Slices<Result> = Generator<undefined, Result, undefined>;

/** How many hashes are a slice: about 5 ms of them. */
export const HASHES_PER_SLICE = 2_000;
