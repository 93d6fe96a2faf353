import type { Instant } from "./instant.ts";

/** What a launch certificate looks at. */
export const CERTIFICATE_CHECKS = [
  /** Whether buckets of the experiment's own salts are even: who takes part, and who gets which variant. */
  "allocation_buckets",
  "variant_buckets",
  /** Whether variants come out as their weights say. */
  "variant_split",
  /** Whether the variant has nothing to do with the variant of another experiment. */
  "independence",
  /** How often a metric finds a difference where there is none. */
  "false_positives",
  /** Whether the arms of the experiment's own split were alike before it. */
  "past_balance",
] as const;

/** One of {@link CERTIFICATE_CHECKS}. */
export type CertificateCheckKind = (typeof CERTIFICATE_CHECKS)[number];

/** What came of a check. `skipped`: there was nothing to look at; the message says what was missing. */
export type CheckVerdict = "passed" | "failed" | "skipped";

/** One check of a launch certificate. */
export interface CertificateCheck {
  readonly kind: CertificateCheckKind;
  /** What it looked at besides the experiment: which subjects, the key of another experiment, the id of a metric. */
  readonly about: string;
  readonly verdict: CheckVerdict;
  /** One sentence with its numbers, for people. */
  readonly message: string;
  /** The numbers by name; all finite. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** Whether an experiment's randomization can be trusted, found out before it starts. */
export interface LaunchCertificate {
  readonly experimentId: string;
  /** The experiment's version that it was computed for. */
  readonly experimentVersion: number;
  /** The version at which what it is about last changed; it says nothing of a later one. */
  readonly contentVersion: number;
  /** Version of the analysis plan; `null` when there was none. */
  readonly planVersion: number | null;
  /** SHA-256 of the analysis plan, lower-case hex; `null` when there was none. */
  readonly planHash: string | null;
  readonly computedAt: Instant;
  /** `failed` when any check has failed. */
  readonly verdict: "passed" | "failed";
  readonly checks: readonly CertificateCheck[];
}
