import type { CertificateResponse } from "@lotty/contracts/certificate";
import type { Paint, Tone } from "../terminal/paint.ts";
import { visibleText } from "../terminal/visible-text.ts";

type Check = CertificateResponse["checks"][number];

const SIGNS: Readonly<Record<Check["verdict"], { readonly sign: string; readonly tone: Tone }>> = {
  passed: { sign: "✓", tone: "good" },
  failed: { sign: "✗", tone: "bad" },
  skipped: { sign: "·", tone: "quiet" },
};

/** A launch certificate for a person: the verdict first, then every check. */
export function renderCertificate(certificate: CertificateResponse, paint: Paint): string {
  const { checks, computed_at, current, experiment_version, plan_version, verdict } = certificate;
  const plan = plan_version === null ? "without a plan" : `with version ${plan_version} of the plan`;
  const stale = current
    ? []
    : [paint("doubtful", "The experiment has changed since: this is not about it as it is now.")];
  return [
    paint(SIGNS[verdict].tone, verdict === "passed" ? "The randomization can be trusted." : "Do not launch this."),
    ...stale,
    ...checks.map(checkLine),
    paint("quiet", `Computed ${computed_at} for version ${experiment_version}, ${plan}.`),
  ].join("\n");

  function checkLine({ message, verdict: found }: Check): string {
    return `${paint(SIGNS[found].tone, SIGNS[found].sign)} ${visibleText(message)}`;
  }
}
