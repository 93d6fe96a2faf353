import { randomFillSync } from "node:crypto";
import { MICROS_PER_MILLI, type IdSource, type Instant } from "@lotty/domain";
import { v7 } from "uuid";

/** Random bytes that one id consumes. */
const ID_BYTES = 16;

/** Random bytes are drawn for this many ids at a time: one call of the generator per id costs more than the id itself. */
const IDS_PER_DRAW = 256;

/** The counter of an id has 32 bits. */
const COUNTER_LIMIT = 0x1_0000_0000;

/**
 * Makes UUIDv7s, each greater than all before it from the same source. The time part is the given instant's millisecond,
 * or the last one used when the clock stands still or has stepped back. Within a millisecond a 32-bit counter grows from
 * a random start in its lower half; 42 random bits follow it, so that sources of other processes do not collide.
 */
export class Uuid7Source implements IdSource {
  readonly #random = new Uint8Array(ID_BYTES * IDS_PER_DRAW);
  readonly #bytes = new DataView(this.#random.buffer);
  #used = this.#random.length;
  #millis = -1;
  #counter = 0;

  next(now: Instant): string {
    const random = this.#draw();
    const millis = Math.floor(now / MICROS_PER_MILLI);
    this.#counter += 1;
    if (millis > this.#millis) {
      this.#millis = millis;
      this.#counter = this.#freshCounter(random);
    } else if (this.#counter === COUNTER_LIMIT) {
      this.#millis += 1;
      this.#counter = this.#freshCounter(random);
    }
    return v7({ msecs: this.#millis, seq: this.#counter, random });
  }

  #draw(): Uint8Array {
    if (this.#used === this.#random.length) {
      randomFillSync(this.#random);
      this.#used = 0;
    }
    this.#used += ID_BYTES;
    return this.#random.subarray(this.#used - ID_BYTES, this.#used);
  }

  /** Of a draw's bytes, the id itself uses the last six; the first four make the counter's start. */
  #freshCounter(random: Uint8Array): number {
    return this.#bytes.getUint32(random.byteOffset) >>> 1;
  }
}
