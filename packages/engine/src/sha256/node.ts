import { hash } from "node:crypto";
import { bucketOfWords } from "./bucket-of-words.ts";

/**
 * SHA-256 through Node's one-shot hash. Asking for `binary` (Latin-1) gives one character per digest byte without allocating a
 * buffer: the fastest exact way measured on Node 24 (264 ns against 390 for hex and 600 for a buffer).
 */
export function bucketOfText(text: string): number {
  const digest = hash("sha256", text, "binary");
  return bucketOfWords(wordAt(digest, 0), wordAt(digest, 4));
}

/** SHA-256 of the UTF-8 form of a text, in lower-case hex. */
export function sha256Hex(text: string): string {
  return hash("sha256", text, "hex");
}

function wordAt(digest: string, index: number): number {
  return (
    ((digest.charCodeAt(index) * 256 + digest.charCodeAt(index + 1)) * 256 + digest.charCodeAt(index + 2)) * 256 +
    digest.charCodeAt(index + 3)
  );
}
