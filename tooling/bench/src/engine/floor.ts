import { hash } from "node:crypto";
import type { JsonObject, Subject } from "@lotty/domain";

/** The bare work of one decision: the rule as a function and the hashes, with nothing around them. */
export function floorDecision(subject: Subject, threshold: number): string {
  if (!floorMatches(subject.attributes)) return "off";
  const experiment = ":8f2d104a-04ed-4d97-a2ca-f290f1862142:";
  if (threshold < 10_000 && bucket(`${subject.id}${experiment}allocation`) >= threshold) return "off";
  return bucket(`${subject.id}${experiment}variant`) < 5_000 ? "A" : "B";
}

const countries = new Set<unknown>(["DE", "FR", "US"]);

/** The rule of the workload, written by hand. */
export function floorMatches(attributes: JsonObject): boolean {
  const { country, plan, version } = attributes;
  return countries.has(country) && typeof version === "number" && version >= 200 && plan === "pro";
}

function bucket(text: string): number {
  const digest = hash("sha256", text, "binary");
  const high = word(digest, 0) % 10_000;
  return (high * 7_296 + (word(digest, 4) % 10_000)) % 10_000;
}

function word(digest: string, at: number): number {
  return (
    ((digest.charCodeAt(at) * 256 + digest.charCodeAt(at + 1)) * 256 + digest.charCodeAt(at + 2)) * 256 +
    digest.charCodeAt(at + 3)
  );
}
