import type { LaunchCertificate, LaunchCertificates } from "@lotty/domain";

/** An experiment with what of it a certificate has to be about. */
export interface CertifiableExperiment {
  readonly environmentId: string;
  readonly experimentId: string;
  readonly contentVersion: number;
  readonly planVersion: number | null;
}

/** Launch certificates in memory. */
export class MemoryCertificates implements LaunchCertificates {
  readonly #known = new Map<string, LaunchCertificate>();
  readonly #waiting: () => Promise<readonly CertifiableExperiment[]>;

  /** @param waiting all experiments that are in review or approved */
  constructor(waiting: () => Promise<readonly CertifiableExperiment[]>) {
    this.#waiting = waiting;
  }

  /** Adds certificates, or replaces those of the same versions. */
  put(environmentId: string, certificates: readonly LaunchCertificate[]): void {
    for (const each of certificates) {
      this.#known.set(`${environmentId} ${each.experimentId} ${each.experimentVersion}`, each);
    }
  }

  async latest(environmentId: string, experimentId: string): Promise<LaunchCertificate | undefined> {
    return this.#of(environmentId, experimentId)
      .toSorted((one, other) => one.computedAt - other.computedAt || one.experimentVersion - other.experimentVersion)
      .at(-1);
  }

  async missing(limit: number): Promise<readonly { readonly environmentId: string; readonly experimentId: string }[]> {
    const waiting = await this.#waiting();
    return waiting
      .filter(({ contentVersion, environmentId, experimentId, planVersion }) =>
        this.#of(environmentId, experimentId).every(
          (known) => known.contentVersion !== contentVersion || known.planVersion !== planVersion,
        ),
      )
      .map(({ environmentId, experimentId }) => ({ environmentId, experimentId }))
      .slice(0, limit);
  }

  #of(environmentId: string, experimentId: string): readonly LaunchCertificate[] {
    return [...this.#known].flatMap(([key, each]) =>
      key.startsWith(`${environmentId} ${experimentId} `) ? [each] : [],
    );
  }
}
