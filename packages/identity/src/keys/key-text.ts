import { hash, randomBytes } from "node:crypto";
import { KEY_TYPES, type KeyType } from "../access/key-type.ts";
import { base62 } from "./base62.ts";

/** Length of the part by which people and the store recognise a key. */
const PREFIX_LENGTH = 8;

/** Digits of base 62 that hold 256 bits. */
const SECRET_LENGTH = 43;

/** Digits of the checksum: one mistyped key in 57 billion passes. */
const CHECKSUM_LENGTH = 6;

const FORM = new RegExp(
  `^lotty_(${KEY_TYPES.join("|")})_([0-9A-Za-z]{${PREFIX_LENGTH}})_[0-9A-Za-z]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`,
);

/** Length of every key. */
export const KEY_TEXT_LENGTH: number = "lotty_server_".length + PREFIX_LENGTH + 1 + SECRET_LENGTH + CHECKSUM_LENGTH;

/** A key that was just made. */
export interface NewKeyText {
  /** The key, with its secret. Nobody keeps it. */
  readonly text: string;
  readonly prefix: string;
  readonly digest: Buffer;
}

/**
 * Makes a key: `lotty_<type>_<prefix>_<secret><checksum>`, with 256 random bits. The form lets scanners find leaked keys, and
 * the checksum tells them and us from look-alikes without asking anybody.
 */
export function makeKeyText(type: KeyType): NewKeyText {
  const prefix = base62(randomBytes(16), PREFIX_LENGTH);
  const body = `lotty_${type}_${prefix}_${base62(randomBytes(32), SECRET_LENGTH)}`;
  const text = body + checksum(body);
  return { text, prefix, digest: keyDigest(text) };
}

/** Whether a text is a whole key, going by its form and checksum. Whether there is such a key is another question. */
export function isKeyText(text: string): boolean {
  return FORM.test(text) && checksum(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);
}

const PREFIX_START = "lotty_server_".length;

/** The prefix of a key, or nonsense of a text that is none. All types are as long as `server`. */
export function prefixOf(text: string): string {
  return text.slice(PREFIX_START, PREFIX_START + PREFIX_LENGTH);
}

/** What is kept of a key. 256 random bits need no slow hash. */
export function keyDigest(text: string): Buffer {
  return hash("sha256", text, "buffer");
}

function checksum(body: string): string {
  return base62(hash("sha256", body, "buffer").subarray(0, 16), CHECKSUM_LENGTH);
}
