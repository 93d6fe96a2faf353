import { randomUUID } from "node:crypto";
import {
  DEFAULT_ENVIRONMENT_ID,
  type ControlChange,
  type ControlPlaneStore,
  type ExperimentStatus,
  type LaunchCertificate,
  type LaunchCertificates,
} from "@lotty/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleExperimentDetails, sampleLink } from "./control-plane-store.ts";
import { sampleExperiment, sampleFlag, STORE_NOW } from "./decision-store-fixture.ts";

/** What keeps certificates, to be tested, with the store that changes them. */
export interface OpenedCertificates {
  readonly store: ControlPlaneStore;
  readonly certificates: LaunchCertificates;
  /** An environment besides the default one, empty as well. */
  readonly otherEnvironmentId: string;
  close(): Promise<void>;
}

/** A certificate that is passed. */
export function sampleCertificate(experimentId: string, fields: Partial<LaunchCertificate> = {}): LaunchCertificate {
  return {
    experimentId,
    experimentVersion: 1,
    contentVersion: 1,
    planVersion: null,
    planHash: null,
    computedAt: STORE_NOW,
    verdict: "passed",
    checks: [
      {
        kind: "allocation_buckets",
        about: "synthetic subjects",
        verdict: "passed",
        message: "Even.",
        numbers: { p: 0.1 + 0.2, chi_squared: 1e-300 },
      },
    ],
    ...fields,
  };
}

/** Registers the tests that whatever keeps certificates passes. One store serves all of them. */
export function describeLaunchCertificates(name: string, open: () => Promise<OpenedCertificates>): void {
  describe(`launch certificates ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    let opened: OpenedCertificates;
    let certificates: LaunchCertificates;
    beforeAll(async () => {
      opened = await open();
      ({ certificates } = opened);
    });
    afterAll(() => opened.close());

    async function commit(change: Omit<ControlChange, "audit">): Promise<void> {
      const { revision } = await opened.store.load(environmentId);
      await opened.store.commit(environmentId, { audit: sampleLink("test"), ...change }, revision);
    }

    async function stored(status: ExperimentStatus, contentVersion = 1): Promise<string> {
      const flag = sampleFlag();
      const experiment = sampleExperiment(flag.id, { status });
      await commit({
        configuration: { putFlags: [flag], putExperiments: [experiment] },
        putExperimentDetails: [sampleExperimentDetails(experiment.id, { contentVersion })],
      });
      return experiment.id;
    }

    it("gives back the one that was computed last", async () => {
      const experimentId = await stored("approved");
      const first = sampleCertificate(experimentId);
      const second = sampleCertificate(experimentId, {
        experimentVersion: 2,
        planVersion: 3,
        planHash: "ab".repeat(32),
        verdict: "failed",
        computedAt: STORE_NOW + 1,
      });
      await commit({ putCertificates: [second, first] });
      expect(await certificates.latest(environmentId, experimentId)).toStrictEqual(second);
      expect(await certificates.latest(environmentId, randomUUID())).toBeUndefined();
      expect(await certificates.latest(opened.otherEnvironmentId, experimentId)).toBeUndefined();
      const again = { ...second, verdict: "passed" as const };
      await commit({ putCertificates: [again] });
      expect(await certificates.latest(environmentId, experimentId)).toStrictEqual(again);
    });

    it("names experiments that wait for one: for what they are now, and only before they start", async () => {
      const [reviewed, changed, certified] = [
        await stored("in_review"),
        await stored("approved", 2),
        await stored("approved"),
      ];
      const others = [await stored("draft"), await stored("running"), await stored("completed")];
      await commit({ putCertificates: [sampleCertificate(changed), sampleCertificate(certified)] });
      const waiting = (await certificates.missing(100)).map(({ experimentId }) => experimentId);
      expect(waiting).toContain(reviewed);
      expect(waiting).toContain(changed);
      for (const id of [certified, ...others]) expect(waiting).not.toContain(id);
      expect(await certificates.missing(1)).toHaveLength(1);
      await commit({
        putCertificates: [sampleCertificate(reviewed), sampleCertificate(changed, { contentVersion: 2 })],
      });
      const left = (await certificates.missing(100)).map(({ experimentId }) => experimentId);
      for (const id of [reviewed, changed]) expect(left).not.toContain(id);
    });
  });
}
