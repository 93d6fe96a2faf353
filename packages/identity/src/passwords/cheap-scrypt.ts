import type { ScryptParameters } from "./password-hasher.ts";

/** A cost at which tests do not notice hashing. Never for passwords that matter. */
export const CHEAP_SCRYPT: ScryptParameters = { costExponent: 4, blockSize: 8, parallelization: 1 };
