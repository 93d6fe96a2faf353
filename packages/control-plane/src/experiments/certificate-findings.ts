import type { CertificateCheckKind } from "@lotty/domain";
import type { LaunchFinding, LaunchQuestion } from "./launch-gate.ts";

/** Checks that judge the randomization itself: what fails them makes results wrong, whatever anybody thinks of it. */
const OF_SALTS: ReadonlySet<CertificateCheckKind> = new Set([
  "allocation_buckets",
  "variant_buckets",
  "variant_split",
  "independence",
]);

/**
 * What the launch certificate has against a start. Salts that fail block it: a copy of the experiment has others. What its metrics
 * and its past fail is for reviewers to weigh, as is a certificate that is not there.
 */
export function certificateFindings({ certificate, details, stage }: LaunchQuestion): readonly LaunchFinding[] {
  if (certificate === undefined || stage !== "start") return [];
  if (certificate === null || certificate.contentVersion !== details.contentVersion) {
    const message = "There is no launch certificate of the experiment as it is now. One is computed in the background.";
    return [{ code: "certificate_missing", severity: "warns", field: "certificate", message }];
  }
  return certificate.checks
    .filter(({ verdict }) => verdict === "failed")
    .map(({ kind, message }) =>
      OF_SALTS.has(kind)
        ? {
            code: "certificate_failed",
            severity: "blocks",
            field: "certificate",
            message: `Launch certificate: ${message}`,
          }
        : {
            code: "certificate_doubtful",
            severity: "warns",
            field: "certificate",
            message: `Launch certificate: ${message}`,
          },
    );
}
