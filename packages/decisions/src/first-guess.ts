/** Weight of the newest guess in the share of those that came true. */
const WEIGHT = 1 / 64;

/**
 * Share of true guesses from which guessing pays. A wrong one costs a write that is refused, which takes about twice what the
 * look-up takes that a true one saves.
 */
const WORTHWHILE = 0.75;

/** While guessing does not pay, one of so many chances is taken, to notice when it does. */
const PROBE_EVERY = 32;

/**
 * Whether to guess that a subject takes part in nothing yet, instead of looking it up. The guess is safe wherever all that rests on
 * it is a first assignment: that is written only if the subject's history is what it was decided on. Where most subjects are new, as
 * on a landing page, it saves most look-ups; where most come back, it would cost writes. So it follows what became of the last ones.
 */
export class FirstGuess {
  #share = 1;
  #chances = 0;

  /** Whether to guess this time. */
  get pays(): boolean {
    if (this.#share >= WORTHWHILE) return true;
    this.#chances += 1;
    return this.#chances % PROBE_EVERY === 0;
  }

  /** A guess was put to the test. */
  tested(cameTrue: boolean): void {
    this.#share += ((cameTrue ? 1 : 0) - this.#share) * WEIGHT;
  }
}
