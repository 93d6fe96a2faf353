/**
 * What a test says about a subject. `ERROR` is not `FALSE`: it makes the whole rule take nobody, also under `NOT`.
 * Numbers rather than exceptions, because a rule that does not fit a subject's attributes is an everyday outcome.
 */
export type Truth = typeof FALSE | typeof TRUE | typeof ERROR;

export const FALSE = 0;
export const TRUE = 1;
export const ERROR = 2;

/** The truth of a plain condition. */
export function truth(condition: boolean): Truth {
  return condition ? TRUE : FALSE;
}
