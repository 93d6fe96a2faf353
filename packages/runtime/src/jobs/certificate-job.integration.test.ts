import { DEFAULT_ENVIRONMENT_ID, type MetricHistory } from "@lotty/domain";
import { openPostgres, type Storage } from "@lotty/persistence";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { sampleExperimentDetails, sampleLink } from "@lotty/testkit/suites/control-plane-store";
import { sampleExperiment, sampleFlag } from "@lotty/testkit/suites/decision-store-fixture";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../system/system-clock.ts";
import { Uuid7Source } from "../system/uuid7-source.ts";
import { configForTest } from "../testing/config-for-test.ts";
import type { Job } from "./job.ts";
import { certificateJob } from "./certificate-job.ts";

const environmentId = DEFAULT_ENVIRONMENT_ID;

describe("computing launch certificates", () => {
  let database: TestDatabase;
  let storage: Storage;
  const logger = new RecordingLogger();

  beforeAll(async () => {
    database = await createTestDatabase();
    storage = await openPostgres({ url: database.url, logger });
    await storage.migrate();
  });
  afterAll(async () => {
    await storage.close();
    await database.drop();
  });

  function job(history: MetricHistory | null = null): Job {
    const config = configForTest();
    return certificateJob({ clock: systemClock, config, ids: new Uuid7Source(), logger, storage }, history);
  }

  it("certifies what waits for a review, beside what runs, and leaves it alone then", async () => {
    const [flag, other] = [sampleFlag(), sampleFlag()];
    const experiment = sampleExperiment(flag.id, { status: "in_review" });
    const running = sampleExperiment(other.id, { status: "running" });
    const { revision } = await storage.control.store.load(environmentId);
    await storage.control.store.commit(
      environmentId,
      {
        configuration: { putFlags: [flag, other], putExperiments: [experiment, running] },
        putExperimentDetails: [sampleExperimentDetails(experiment.id)],
        audit: sampleLink("test"),
      },
      revision,
    );
    const ending = new AbortController();
    ending.abort();
    expect(await job().run(ending.signal)).toBe("done");
    expect(await storage.control.certificates.latest(environmentId, experiment.id)).toBeUndefined();

    expect(await job().run(new AbortController().signal)).toBe("more");
    const certificate = await storage.control.certificates.latest(environmentId, experiment.id);
    expect(certificate).toMatchObject({ verdict: "passed", contentVersion: 1, planVersion: null });
    expect(certificate?.checks.find(({ kind }) => kind === "independence")).toMatchObject({ about: running.key });
    expect(await job().run(new AbortController().signal)).toBe("done");
    const entries = await storage.control.store.auditEntries(0, 10);
    expect(entries.at(-1)).toMatchObject({ action: "experiment.certify", actor: { kind: "system", name: "lotty" } });
  });
});
