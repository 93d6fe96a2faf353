import type { LaunchCertificate } from "../launch-certificate.ts";

/** Looks up launch certificates. Changes are commits of the control plane. Methods throw LottyError `database_unavailable`. */
export interface LaunchCertificates {
  /** The certificate of an experiment that was computed last; `undefined` when none was. */
  latest(environmentId: string, experimentId: string): Promise<LaunchCertificate | undefined>;

  /**
   * Experiments of all environments that are in review or approved, and have no certificate for their content and plan as they
   * are now: those that have waited longest first.
   */
  missing(limit: number): Promise<readonly { readonly environmentId: string; readonly experimentId: string }[]>;
}
