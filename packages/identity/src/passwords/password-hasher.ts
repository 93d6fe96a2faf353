import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { LottyError } from "@lotty/domain";
import { Turns } from "./turns.ts";

/** Cost of a hash. Memory is `128 * 2 ** costExponent * blockSize` bytes. */
export interface ScryptParameters {
  /** Binary logarithm of N. */
  readonly costExponent: number;
  readonly blockSize: number;
  readonly parallelization: number;
}

/**
 * N = 2^17, r = 8, p = 1: 128 MB and 0.4 s of a core.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt
 */
export const OWASP_SCRYPT: ScryptParameters = { costExponent: 17, blockSize: 8, parallelization: 1 };

/** Hashes at the same time: bounds the memory, and leaves threads for others. */
const AT_ONCE = 2;

/** Further hashes that wait: about four seconds' worth. */
const MAX_WAITING = 20;

const SALT_BYTES = 16;
const HASH_BYTES = 32;

interface ParsedHash {
  readonly parameters: ScryptParameters;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/**
 * Hashes passwords by scrypt on Node's thread pool, a few at a time. Hashes are texts in PHC form,
 * `$scrypt$ln=17,r=8,p=1$<salt>$<hash>`, so that each says how it was made.
 */
export class PasswordHasher {
  readonly #parameters: ScryptParameters;
  readonly #turns = new Turns(AT_ONCE, MAX_WAITING);
  readonly #decoy: ParsedHash;

  constructor(parameters: ScryptParameters = OWASP_SCRYPT) {
    this.#parameters = parameters;
    this.#decoy = { parameters, salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) };
  }

  /** @throws LottyError `overloaded` when too many are waiting */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    return format({ parameters: this.#parameters, salt, hash: await this.#derive(password, salt, this.#parameters) });
  }

  /**
   * Whether a password is the one that was hashed. Without a hash, the answer is no after as much work as with one, so that
   * the time does not tell whether there is such a person.
   *
   * @throws LottyError `overloaded` when too many are waiting; `internal` for a text that is no hash
   */
  async verify(password: string, stored: string | undefined): Promise<boolean> {
    const expected = stored === undefined ? this.#decoy : parse(stored);
    const derived = await this.#derive(password, expected.salt, expected.parameters);
    const same = timingSafeEqual(derived, expected.hash);
    return same && stored !== undefined;
  }

  /** Whether a hash was made at another cost than new ones are. */
  isOutdated(stored: string): boolean {
    const { blockSize, costExponent, parallelization } = parse(stored).parameters;
    const current = this.#parameters;
    return (
      costExponent !== current.costExponent ||
      blockSize !== current.blockSize ||
      parallelization !== current.parallelization
    );
  }

  #derive(password: string, salt: Buffer, parameters: ScryptParameters): Promise<Buffer> {
    // Keyboards differ in how they put accents together (NIST SP 800-63B-4, 3.1.1.2).
    const typed = password.normalize("NFKC");
    return this.#turns.take(() => derive(typed, salt, parameters));
  }
}

function derive(password: string, salt: Buffer, parameters: ScryptParameters): Promise<Buffer> {
  const { blockSize: r, costExponent, parallelization: p } = parameters;
  const N = 2 ** costExponent;
  // OpenSSL counts a little more than the block mixing itself needs.
  const maxmem = 128 * N * r + 128 * r * (p + 2) + 1_024 * 1_024;
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, { N, r, p, maxmem }, (error, key) => {
      if (error === null) resolve(key);
      else reject(new LottyError("internal", "A password cannot be hashed", { cause: error }));
    });
  });
}

function format({ hash, parameters, salt }: ParsedHash): string {
  const { blockSize, costExponent, parallelization } = parameters;
  const cost = `ln=${costExponent},r=${blockSize},p=${parallelization}`;
  return `$scrypt$${cost}$${unpadded(salt)}$${unpadded(hash)}`;
}

const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

function parse(stored: string): ParsedHash {
  const match = PHC.exec(stored);
  if (match === null) throw new LottyError("internal", "A stored password hash cannot be read");
  const [, costExponent, blockSize, parallelization, salt = "", hash = ""] = match;
  return {
    parameters: {
      costExponent: Number(costExponent),
      blockSize: Number(blockSize),
      parallelization: Number(parallelization),
    },
    salt: Buffer.from(salt, "base64"),
    hash: Buffer.from(hash, "base64"),
  };
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("=", "");
}
