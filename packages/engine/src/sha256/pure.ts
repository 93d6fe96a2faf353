import { bucketOfWords } from "./bucket-of-words.ts";

/** Digest and bucket of a text in plain JavaScript, for every place that is not Node. FIPS 180-4, section 6.2. */
export function bucketOfText(text: string): number {
  const state = digestOf(text);
  return bucketOfWords((state[0] ?? 0) >>> 0, (state[1] ?? 0) >>> 0);
}

/** SHA-256 of the UTF-8 form of a text, in lower-case hex. */
export function sha256Hex(text: string): string {
  let hex = "";
  for (const word of digestOf(text)) hex += (word >>> 0).toString(16).padStart(8, "0");
  return hex;
}

const BLOCK_BYTES = 64;
/** Bytes after the message: one marker bit and a 64-bit length. */
const PADDING_BYTES = 9;

const [INITIAL_STATE, ROUND_CONSTANTS] = deriveConstants();
const schedule = new Int32Array(64);

function digestOf(text: string): Int32Array {
  const { bytes, length } = paddedUtf8(text);
  const state = INITIAL_STATE.slice();
  for (let offset = 0; offset < length; offset += BLOCK_BYTES) compress(state, bytes, offset);
  return state;
}

/** The UTF-8 form of a well-formed text followed by the padding; `length` counts whole blocks. */
function paddedUtf8(text: string): { bytes: Uint8Array; length: number } {
  // At most three bytes for each UTF-16 unit.
  const bytes = new Uint8Array(Math.ceil((text.length * 3 + PADDING_BYTES) / BLOCK_BYTES) * BLOCK_BYTES);
  let end = 0;
  for (let index = 0; index < text.length; index += 1) {
    const point = text.codePointAt(index) ?? 0;
    if (point < 0x80) {
      bytes[end++] = point;
    } else if (point < 0x800) {
      bytes[end++] = 0xc0 | (point >> 6);
      bytes[end++] = 0x80 | (point & 0x3f);
    } else if (point < 0x1_0000) {
      bytes[end++] = 0xe0 | (point >> 12);
      bytes[end++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[end++] = 0x80 | (point & 0x3f);
    } else {
      bytes[end++] = 0xf0 | (point >> 18);
      bytes[end++] = 0x80 | ((point >> 12) & 0x3f);
      bytes[end++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[end++] = 0x80 | (point & 0x3f);
      index += 1;
    }
  }
  bytes[end] = 0x80;
  const length = Math.ceil((end + PADDING_BYTES) / BLOCK_BYTES) * BLOCK_BYTES;
  // The length in bits is below 2^53; its high word only matters above 512 MB.
  const view = new DataView(bytes.buffer);
  view.setUint32(length - 8, Math.floor(end / 0x2000_0000));
  view.setUint32(length - 4, (end << 3) >>> 0);
  return { bytes, length };
}

function compress(state: Int32Array, bytes: Uint8Array, offset: number): void {
  const w = schedule;
  for (let t = 0; t < 16; t += 1) {
    const at = offset + t * 4;
    w[t] = (at0(bytes, at) << 24) | (at0(bytes, at + 1) << 16) | (at0(bytes, at + 2) << 8) | at0(bytes, at + 3);
  }
  for (let t = 16; t < 64; t += 1) {
    const w15 = at0(w, t - 15);
    const w2 = at0(w, t - 2);
    const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3);
    const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10);
    w[t] = (at0(w, t - 16) + s0 + at0(w, t - 7) + s1) | 0;
  }
  let a = at0(state, 0);
  let b = at0(state, 1);
  let c = at0(state, 2);
  let d = at0(state, 3);
  let e = at0(state, 4);
  let f = at0(state, 5);
  let g = at0(state, 6);
  let h = at0(state, 7);
  for (let t = 0; t < 64; t += 1) {
    const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const choice = (e & f) ^ (~e & g);
    const first = (h + sum1 + choice + at0(ROUND_CONSTANTS, t) + at0(w, t)) | 0;
    const sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + sum0 + majority) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => {
    state[index] = (at0(state, index) + word) | 0;
  });
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function at0(words: Int32Array | Uint8Array, index: number): number {
  return words[index] ?? 0;
}

/**
 * The constants of the standard are the first 32 bits of the fractional parts of the square roots of the first 8 primes
 * and of the cube roots of the first 64. A root below 32 keeps at least 47 fractional bits in a double.
 */
function deriveConstants(): readonly [initialState: Int32Array, roundConstants: Int32Array] {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n += 1) {
    if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  }
  const fraction = (root: number): number => ((root - Math.floor(root)) * 0x1_0000_0000) | 0;
  return [
    Int32Array.from(primes.slice(0, 8), (p) => fraction(Math.sqrt(p))),
    Int32Array.from(primes, (p) => fraction(Math.cbrt(p))),
  ];
}
