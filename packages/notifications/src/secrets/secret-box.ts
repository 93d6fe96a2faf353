import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { LottyError } from "@lotty/domain";

/** Keeps what nobody may read in the database. */
export interface SecretBox {
  /** Whether what is sealed cannot be read without the key. */
  readonly encrypts: boolean;
  /** @param purpose what the secret belongs to; opening it as anything else fails */
  seal(secret: string, purpose: string): string;
  /** @throws LottyError `invalid_configuration` when the key is not the one that it was sealed with, or what is sealed was altered */
  open(sealed: string, purpose: string): string;
}

const ENCRYPTED = "v1.";
const PLAIN = "plain.";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Makes a box with AES-256-GCM under a key that HKDF-SHA256 derives. Without a key nothing is encrypted, and secrets are only kept out of
 * answers. What was sealed without a key can still be opened with one.
 *
 * @param onReadable hears of every secret that is kept readable
 */
export function createSecretBox(key: string | null, onReadable: () => void = () => undefined): SecretBox {
  const derived =
    key === null ? null : Buffer.from(hkdfSync("sha256", key, "", "lotty webhook secrets, version 1", 32));
  return {
    encrypts: derived !== null,
    seal: (secret, purpose) => {
      if (derived !== null) return ENCRYPTED + encrypt(derived, secret, purpose).toString("base64url");
      onReadable();
      return PLAIN + Buffer.from(secret).toString("base64url");
    },
    open: (sealed, purpose) => {
      if (sealed.startsWith(PLAIN)) return Buffer.from(sealed.slice(PLAIN.length), "base64url").toString();
      if (derived === null || !sealed.startsWith(ENCRYPTED)) throw cannotOpen();
      return decrypt(derived, Buffer.from(sealed.slice(ENCRYPTED.length), "base64url"), purpose);
    },
  };
}

function encrypt(key: Buffer, secret: string, purpose: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(purpose));
  const encrypted = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]);
}

function decrypt(key: Buffer, sealed: Buffer, purpose: string): string {
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(purpose));
    decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const rest = sealed.subarray(NONCE_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(rest), decipher.final()]).toString();
  } catch (error) {
    throw cannotOpen(error);
  }
}

function cannotOpen(cause?: unknown): LottyError {
  return new LottyError(
    "invalid_configuration",
    "SECRETS_KEY is not the one that the webhook's secrets were kept with.",
    {
      cause,
    },
  );
}
