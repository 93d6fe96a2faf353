import { DEFAULT_ENVIRONMENT_ID, type CertificateCheck, type LaunchCertificate } from "@lotty/domain";
import { memoryControlPorts } from "@lotty/testkit/fakes/memory-control-ports";
import { sampleCertificate } from "@lotty/testkit/suites/launch-certificates";
import { beforeEach, describe, expect, it } from "vitest";
import type { LaunchFinding } from "./launch-gate.ts";
import { keepCertificate } from "../services/keep-certificate.ts";
import {
  ANN,
  by,
  controlFixture,
  done,
  drafted,
  EVE,
  refusalCodes,
  ROOT,
  type ControlFixture,
} from "../testing/control-fixture.ts";

type Ports = ReturnType<typeof memoryControlPorts>;

describe("the launch certificate at the gate", () => {
  let fixture: ControlFixture<Ports>;
  let experimentId: string;
  let contentVersion: number;

  beforeEach(async () => {
    const ports = memoryControlPorts();
    fixture = controlFixture({ ...ports, certificates: ports.store.certificates });
    ({ id: experimentId } = (await drafted(fixture)).experiment);
    const { details, experiment } = done(await fixture.experiments.submit({ ...by(EVE), experimentId }));
    contentVersion = details.contentVersion;
    const expectedVersion = experiment.version;
    done(await fixture.experiments.approve({ ...by(ANN), experimentId, expectedVersion, comment: null }));
  });

  function check(fields: Partial<CertificateCheck>): CertificateCheck {
    return { kind: "variant_split", about: "a", verdict: "failed", message: "Uneven.", numbers: {}, ...fields };
  }

  function ofCertificate(findings: readonly LaunchFinding[]): readonly string[] {
    return findings.filter(({ field }) => field === "certificate").map(({ code }) => code);
  }

  async function certified(fields: Partial<LaunchCertificate>): Promise<void> {
    const certificate = sampleCertificate(experimentId, { contentVersion, ...fields });
    done(await keepCertificate(fixture.ports, { ...by(ROOT), certificate }));
  }

  async function start(): Promise<readonly string[]> {
    const started = await fixture.experiments.start({ ...by(EVE), experimentId });
    return started.status === "refused" ? refusalCodes(started) : ofCertificate(started.result.warnings);
  }

  it("lets an experiment start that has passed", async () => {
    await certified({});
    expect(await start()).toStrictEqual([]);
  });

  it("blocks the start of an experiment whose salts have failed", async () => {
    for (const kind of ["allocation_buckets", "variant_buckets", "variant_split", "independence"] as const) {
      await certified({ verdict: "failed", checks: [check({ kind })] });
      expect(await start()).toStrictEqual(["launch_blocked"]);
    }
    const standing = await fixture.experiments.standing({ ...by(EVE), experimentId });
    const finding = { code: "certificate_failed", severity: "blocks", message: "Launch certificate: Uneven." };
    expect(standing.status === "done" && standing.result.findings[0]).toMatchObject(finding);
  });

  it("warns where metrics or their past have failed, where there is none, and where it is of something else", async () => {
    const findings = async (): Promise<readonly string[]> => {
      const standing = await fixture.experiments.standing({ ...by(EVE), experimentId });
      return standing.status === "done" ? ofCertificate(standing.result.findings) : [];
    };
    expect(await findings()).toStrictEqual(["certificate_missing"]);
    await certified({
      verdict: "failed",
      checks: [check({ kind: "false_positives" }), check({ kind: "past_balance" })],
    });
    expect(await findings()).toStrictEqual(["certificate_doubtful", "certificate_doubtful"]);
    const outdated = sampleCertificate(experimentId, { contentVersion: contentVersion - 1, computedAt: 4e15 });
    fixture.ports.store.certificates.put(DEFAULT_ENVIRONMENT_ID, [{ ...outdated, experimentVersion: 99 }]);
    expect(await findings()).toStrictEqual(["certificate_missing"]);
    expect(await start()).toStrictEqual(["certificate_missing"]);
  });

  it("is on record and announced, and is not kept of what has changed meanwhile", async () => {
    await certified({ verdict: "failed", checks: [check({}), check({ verdict: "passed", message: "Even." })] });
    expect(fixture.ports.store.entries.at(-1)).toMatchObject({
      action: "experiment.certify",
      entity: { id: experimentId },
    });
    expect(fixture.ports.store.notifications.announced(DEFAULT_ENVIRONMENT_ID).at(-1)).toMatchObject({
      kind: "certificate.failed",
      summary: "green-button has failed its launch certificate: Uneven.",
      facts: { verdict: "failed", failed: ["Uneven."] },
    });
    const late = sampleCertificate(experimentId, { contentVersion: contentVersion + 1 });
    expect(refusalCodes(await keepCertificate(fixture.ports, { ...by(ROOT), certificate: late }))).toStrictEqual([
      "version_mismatch",
    ]);
    const unknown = sampleCertificate("none", { contentVersion });
    expect(refusalCodes(await keepCertificate(fixture.ports, { ...by(ROOT), certificate: unknown }))).toStrictEqual([
      "not_found",
    ]);
  });
});
