import { LottyError } from "@lotty/domain";
import { bucketOfText } from "#sha256";

/** What a bucket is drawn for. Each stage has a salt of its own, so that one draw says nothing about another. */
export type Salt = "allocation" | "variant" | "rollout" | `domain:${string}`;

/**
 * The bucket of a subject in an experiment, or in a rule of a flag: the first 8 bytes, big-endian, of SHA-256 of the UTF-8 text `subject:owner:salt`, modulo
 * 10000. Deterministic for ever: it is hash version 1.
 *
 * @returns 0 to 9999
 * @throws LottyError `subject_not_encodable` when a part has a lone surrogate
 */
export function bucketOf(subjectId: string, ownerId: string, salt: string): number {
  const text = subjectId + bucketSuffix(ownerId, salt);
  if (!text.isWellFormed()) throw notEncodable();
  return bucketOfText(text);
}

/** The part of the hashed text that is the same for every subject, to be made once per revision. */
export function bucketSuffix(ownerId: string, salt: string): string {
  return `:${ownerId}:${salt}`;
}

/** The error for a subject id without a UTF-8 form. */
export function notEncodable(): LottyError {
  return new LottyError("subject_not_encodable", "The subject id has a lone surrogate and cannot be written as UTF-8.");
}
