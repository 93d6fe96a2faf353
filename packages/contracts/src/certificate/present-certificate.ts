import {
  CERTIFICATE_CHECKS,
  formatInstant,
  type CertificateCheckKind,
  type CheckVerdict,
  type LaunchCertificate,
} from "@lotty/domain";
import { z } from "zod";

/** A launch certificate on the wire. */
export interface CertificateResponse {
  readonly experiment_id: string;
  readonly experiment_version: number;
  readonly content_version: number;
  readonly current: boolean;
  readonly plan_version: number | null;
  readonly plan_hash: string | null;
  readonly computed_at: string;
  readonly verdict: "passed" | "failed";
  readonly checks: readonly {
    readonly kind: CertificateCheckKind;
    readonly about: string;
    readonly verdict: CheckVerdict;
    readonly message: string;
    readonly numbers: Readonly<Record<string, number>>;
  }[];
}

/** Schema of {@link CertificateResponse}. */
export const certificateSchema: z.ZodType<CertificateResponse> = z
  .strictObject({
    experiment_id: z.uuid(),
    experiment_version: z.int().min(1),
    content_version: z.int().min(1),
    current: z.boolean().meta({ description: "Whether it is about the experiment as it is now." }),
    plan_version: z.int().min(1).nullable(),
    plan_hash: z.string().nullable().meta({ description: "SHA-256 of what the analysis plan promises." }),
    computed_at: z.string().meta({ format: "date-time" }),
    verdict: z.enum(["passed", "failed"]),
    checks: z.array(
      z.strictObject({
        kind: z.enum(CERTIFICATE_CHECKS),
        about: z.string(),
        verdict: z.enum(["passed", "failed", "skipped"]),
        message: z.string(),
        numbers: z.record(z.string(), z.number()),
      }),
    ),
  })
  .meta({ id: "LaunchCertificate" });

/** A launch certificate for the wire. */
export function presentCertificate(certificate: LaunchCertificate, current: boolean): CertificateResponse {
  return {
    experiment_id: certificate.experimentId,
    experiment_version: certificate.experimentVersion,
    content_version: certificate.contentVersion,
    current,
    plan_version: certificate.planVersion,
    plan_hash: certificate.planHash,
    computed_at: formatInstant(certificate.computedAt),
    verdict: certificate.verdict,
    checks: certificate.checks,
  };
}
