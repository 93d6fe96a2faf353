import { randomUUID } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import type { DecisionRecord } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase, type TestDatabase } from "@lotty/testkit/servers/postgres";
import { describeChangeNotices } from "@lotty/testkit/suites/change-notices";
import { describeConfigurationHistory } from "@lotty/testkit/suites/configuration-history";
import { describeConfigurationStore } from "@lotty/testkit/suites/configuration-store";
import { describeAnalysisPlans } from "@lotty/testkit/suites/analysis-plans";
import { describeControlPlaneStore, type OpenedControlPlaneStore } from "@lotty/testkit/suites/control-plane-store";
import { describeDecisionLog } from "@lotty/testkit/suites/decision-log";
import { describeDecisionRecorder } from "@lotty/testkit/suites/decision-recorder";
import { describeDecisionSink } from "@lotty/testkit/suites/decision-sink";
import { STORE_NOW, type OpenedDecisionStore } from "@lotty/testkit/suites/decision-store-fixture";
import { describeEnvironments, type OpenedEnvironments } from "@lotty/testkit/suites/environments";
import { describeEventTypes } from "@lotty/testkit/suites/event-types";
import { describeEventRecorder } from "@lotty/testkit/suites/event-recorder";
import type { StoredExposure, StoredFromEvents } from "@lotty/testkit/suites/event-store-fixture";
import { describeGuardrailStore } from "@lotty/testkit/suites/guardrail-store";
import { describeJobLocks } from "@lotty/testkit/suites/job-locks";
import { describeLaunchCertificates } from "@lotty/testkit/suites/launch-certificates";
import { describeLearnings } from "@lotty/testkit/suites/learnings";
import { describeNotifications } from "@lotty/testkit/suites/notifications";
import { describeMetricCatalogue } from "@lotty/testkit/suites/metric-catalogue";
import { describeExposureLife } from "@lotty/testkit/suites/exposure-life";
import { describeRecordedAttributes } from "@lotty/testkit/suites/recorded-attributes";
import { describeSubjectEraser } from "@lotty/testkit/suites/subject-eraser";
import { describeSubjectHistory } from "@lotty/testkit/suites/subject-history";
import { describeSubjectPast } from "@lotty/testkit/suites/subject-past";
import { Pool } from "pg";
import { afterAll, beforeAll } from "vitest";
import { composeEmbedded } from "./compose-embedded.ts";
import { ProcessJobLocks } from "./jobs/process-job-locks.ts";
import { EmbeddedNotificationSource } from "./notices/embedded-notification-source.ts";
import { PgChangeNotices } from "./notices/pg-change-notices.ts";
import { openPostgres } from "./open-postgres.ts";
import { EmbeddedPool } from "./sql/embedded-pool.ts";
import { microsOf } from "./sql/instant-sql.ts";
import { EMBEDDED_PARSERS, PG_TYPES } from "./sql/value-parsers.ts";
import type { Storage } from "./storage.ts";

type Query = (text: string, values: unknown[]) => Promise<{ rows: unknown[] }>;

const READ_DECISIONS = `
SELECT decision_id AS "decisionId", environment_id AS "environmentId", to_json(flag_key) AS "flagKey", to_json(subject_id) AS "subjectId",
  experiment_id AS "experimentId", variant_id AS "variantId", to_json(value) AS value, reason, rule_id AS "ruleId", flag_version AS "flagVersion",
  experiment_version AS "experimentVersion", encode(attributes_digest, 'hex') AS "attributesDigest",
  hash_version AS "hashVersion", ${microsOf("decided_at")} AS "decidedAt"
FROM decisions WHERE decision_id = ANY ($1::uuid[])`;

const READ_EXPOSURES = `
SELECT experiment_id AS "experimentId", to_json(subject_id) AS "subjectId", variant_id AS "variantId", ${microsOf("first_exposed_at")} AS "firstExposedAt",
  decision_id AS "decisionId", to_json(event_id) AS "eventId", several, segments
FROM first_exposures WHERE environment_id = $1 AND subject_id = $2`;

const READ_TO_FOLD = `
SELECT ${microsOf("received_at")} AS since FROM subjects_to_fold WHERE environment_id = $1 AND subject_id = $2`;

function storedFromEvents(query: Query): StoredFromEvents {
  return {
    firstExposures: async (...subject) => (await query(READ_EXPOSURES, subject)).rows as StoredExposure[],
    toFoldSince: async (...subject) => {
      const { rows } = await query(READ_TO_FOLD, subject);
      return (rows as { since: number }[])[0]?.since ?? null;
    },
    fold: async (...subject) => {
      await query("DELETE FROM subjects_to_fold WHERE environment_id = $1 AND subject_id = $2", subject);
    },
  };
}

type OpenedStorage = OpenedDecisionStore &
  Pick<Storage, "control" | "events" | "notificationQueue"> & { readonly stored: StoredFromEvents };

/** A migrated storage with a second environment, and partitions for some of the decisions. */
async function prepared(storage: Storage, query: Query, closeQuery: () => Promise<void>): Promise<OpenedStorage> {
  const otherEnvironmentId = randomUUID();
  await query("INSERT INTO environments (id, key) VALUES ($1, $2)", [otherEnvironmentId, "other"]);
  await storage.partitions.ensureAhead(STORE_NOW, 1);
  return {
    ...storage,
    otherEnvironmentId,
    stored: storedFromEvents(query),
    entries: () => storage.control.store.auditEntries(0, 1_000),
    storedDecisions: async (ids) => (await query(READ_DECISIONS, [ids])).rows as DecisionRecord[],
    close: async () => {
      await closeQuery();
      await storage.close();
    },
  };
}

async function migratedPostgres(): Promise<{ readonly database: TestDatabase; readonly storage: Storage }> {
  const database = await createTestDatabase();
  const storage = await openPostgres({ url: database.url, logger: new RecordingLogger() });
  await storage.migrate();
  return { database, storage };
}

async function openOnPostgres(): Promise<OpenedStorage> {
  const { database, storage } = await migratedPostgres();
  const pool = new Pool({ connectionString: database.url, types: PG_TYPES });
  const opened = await prepared(
    storage,
    (text, values) => pool.query(text, values),
    () => pool.end(),
  );
  const close = async (): Promise<void> => {
    await opened.close();
    await database.drop();
  };
  return { ...opened, close };
}

/** A migrated, empty database: making one takes seconds, loading one does not. */
let template: File | Blob;

beforeAll(async () => {
  const database = await PGlite.create({ parsers: EMBEDDED_PARSERS });
  await embedded(database).migrate();
  template = await database.dumpDataDir("none");
  await database.close();
}, 60_000);

function embedded(database: PGlite): Storage {
  return composeEmbedded(database, {
    location: "memory",
    logger: new RecordingLogger(),
    onClosed: () => Promise.resolve(),
  });
}

async function openOnPglite(): Promise<OpenedStorage> {
  const database = await PGlite.create({ loadDataDir: template, parsers: EMBEDDED_PARSERS });
  // The tests' own statements do not take turns, so they must not come between others'.
  const query: Query = (text, values) => database.query<object>(text, values);
  return prepared(embedded(database), query, () => Promise.resolve());
}

for (const [name, open] of [
  ["on Postgres", openOnPostgres],
  ["on PGlite", openOnPglite],
] as const) {
  describeConfigurationStore(name, open);
  describeSubjectHistory(name, open);
  describeDecisionRecorder(name, open);
  describeDecisionSink(name, open);
  describeDecisionLog(name, open);
  describeSubjectPast(name, open);
  describeConfigurationHistory(name, open);
  describeSubjectEraser(name, open);
  describeRecordedAttributes(name, open);
  describeEventRecorder(name, open);
  describeExposureLife(name, open);
  const openControl = async (): Promise<OpenedControlPlaneStore> => {
    const { close, control, otherEnvironmentId } = await open();
    return { store: control.store, otherEnvironmentId, close };
  };
  describeControlPlaneStore(name, openControl);
  describeEventTypes(name, openControl);
  describeMetricCatalogue(name, async () => {
    const { close, control, otherEnvironmentId } = await open();
    return { store: control.store, catalogue: control.metrics, otherEnvironmentId, close };
  });
  describeGuardrailStore(name, async () => {
    const { close, control, otherEnvironmentId, sink } = await open();
    return { store: control.store, guardrails: control.guardrails, sink, otherEnvironmentId, close };
  });
  describeAnalysisPlans(name, async () => {
    const { close, control, otherEnvironmentId } = await open();
    return { store: control.store, plans: control.plans, otherEnvironmentId, close };
  });
  describeLaunchCertificates(name, async () => {
    const { close, control, otherEnvironmentId } = await open();
    return { store: control.store, certificates: control.certificates, otherEnvironmentId, close };
  });
  describeLearnings(name, async () => {
    const { close, control, otherEnvironmentId } = await open();
    return { store: control.store, learnings: control.learnings, otherEnvironmentId, close };
  });
  describeNotifications(name, async () => {
    const { close, control, notificationQueue: queue, otherEnvironmentId } = await open();
    return { store: control.store, reads: control.notifications, queue, otherEnvironmentId, close };
  });
}

async function environmentsOf(storage: Storage, close: () => Promise<void>): Promise<OpenedEnvironments> {
  await storage.partitions.ensureAhead(STORE_NOW, 1);
  return { ...storage, ...storage.control, close };
}

describeEnvironments("on Postgres", async () => {
  const { database, storage } = await migratedPostgres();
  return environmentsOf(storage, async () => {
    await storage.close();
    await database.drop();
  });
});

describeEnvironments("on PGlite", async () => {
  const storage = embedded(await PGlite.create({ loadDataDir: template, parsers: EMBEDDED_PARSERS }));
  return environmentsOf(storage, () => storage.close());
});

let listening: PGlite;
let listeningPool: EmbeddedPool;
beforeAll(async () => {
  listening = await PGlite.create({ loadDataDir: template, parsers: EMBEDDED_PARSERS });
  listeningPool = new EmbeddedPool(listening);
});
afterAll(() => listeningPool.end());

const database = await createTestDatabase();
afterAll(() => database.drop());

describeChangeNotices("on Postgres", () => {
  const storages: Storage[] = [];
  return Promise.resolve({
    connect: async () => {
      const storage = await openPostgres({ url: database.url, logger: new RecordingLogger() });
      storages.push(storage);
      return storage.notices;
    },
    close: async () => {
      await Promise.all(storages.map((storage) => storage.close()));
    },
  });
});

describeChangeNotices("on PGlite", () => {
  // Each test has notices of its own on the one session that there is.
  const source = new EmbeddedNotificationSource(listening, listeningPool);
  const notices = new PgChangeNotices(listeningPool, source, new RecordingLogger());
  return Promise.resolve({ connect: () => Promise.resolve(notices), close: () => notices.close() });
});

describeJobLocks("on Postgres", async () => {
  const [here, there] = await Promise.all(
    [1, 2].map(() => openPostgres({ url: database.url, logger: new RecordingLogger() })),
  );
  if (here === undefined || there === undefined) throw new Error("Two storages were opened.");
  const close = async (): Promise<void> => {
    await Promise.all([here.close(), there.close()]);
  };
  return { here: here.jobLocks, there: there.jobLocks, close };
});

describeJobLocks("on PGlite", () => {
  const locks = new ProcessJobLocks();
  return Promise.resolve({ here: locks, there: locks, close: () => Promise.resolve() });
});
