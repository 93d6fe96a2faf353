import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { finished } from "node:stream/promises";

/** One line of the input. */
export interface SubjectLine {
  readonly subject_id: string;
  readonly attributes: Readonly<Record<string, string | boolean>>;
}

const COUNTRIES = ["DE", "AT", "CH", "US", "FR"];
const PLANS = ["free", "basic", "pro"];
const VERSIONS = ["2.9.3", "2.10.0", "2.11.4", "3.0.0-beta.1"];

/** The n-th subject: the same on every run, with attributes for which every rule of the demo has both answers. */
export function subjectLine(n: number): SubjectLine {
  return {
    subject_id: `customer-${n}`,
    attributes: {
      country: pick(COUNTRIES, n),
      plan: pick(PLANS, Math.floor(n / 5)),
      app_version: pick(VERSIONS, Math.floor(n / 15)),
      signed_up: n % 2 === 0 ? "2026-02-14" : "2025-11-30",
      is_employee: n % 100 === 0,
      ...(n % 3 === 0 ? {} : { email: `customer-${n}@example.com` }),
    },
  };
}

/** Writes the subjects as NDJSON, in memory that does not grow with their number. */
export async function writeSubjects(file: string, count: number): Promise<void> {
  const stream = createWriteStream(file);
  for (let n = 0; n < count; n += 1) {
    if (!stream.write(`${JSON.stringify(subjectLine(n))}\n`)) await once(stream, "drain");
  }
  stream.end();
  await finished(stream);
}

function pick(values: readonly string[], n: number): string {
  return values[n % values.length] ?? "";
}
