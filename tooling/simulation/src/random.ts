/** Numbers that look random, the same for the same seed: xoshiro128** of Blackman & Vigna (2018). */
export class Random {
  readonly #state: Uint32Array;

  constructor(seed: number) {
    this.#state = new Uint32Array(4);
    let spread = seed >>> 0;
    for (let index = 0; index < 4; index += 1) {
      // SplitMix32, so that neighbouring seeds have nothing in common.
      spread = (spread + 0x9e3779b9) >>> 0;
      let mixed = Math.imul(spread ^ (spread >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      this.#state[index] = mixed ^ (mixed >>> 15);
    }
  }

  /** Above 0 and below 1, in steps of 2⁻³². */
  uniform(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#state;
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const third = c ^ a;
    const fourth = d ^ b;
    this.#state[1] = b ^ third;
    this.#state[0] = a ^ fourth;
    this.#state[2] = third ^ (b << 9);
    this.#state[3] = (fourth << 11) | (fourth >>> 21);
    return (result + 0.5) / 4_294_967_296;
  }

  /** From an exponential distribution with this mean. */
  exponential(mean: number): number {
    return -mean * Math.log(this.uniform());
  }

  /** From a Poisson distribution with this mean, by the gaps between arrivals: as many steps as the number itself. */
  poisson(mean: number): number {
    let arrivals = 0;
    for (let at = this.exponential(1); at < mean; at += this.exponential(1)) arrivals += 1;
    return arrivals;
  }
}
