import { createHash } from "node:crypto";

/** Buckets, and hundredths of a percent. */
export const BUCKETS = 10_000;

/** Where a subject falls, 0 to 9999. `drawnBy` is the id of what draws: an experiment, or the rule of a flag. */
export function bucket(subject: string, drawnBy: string, salt: string): number {
  const digest = createHash("sha256").update(`${subject}:${drawnBy}:${salt}`, "utf8").digest();
  return Number(digest.readBigUInt64BE(0) % BigInt(BUCKETS));
}
