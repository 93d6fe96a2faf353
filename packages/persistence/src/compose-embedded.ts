import type { PGlite } from "@electric-sql/pglite";
import { composeStorage, type StorageParts } from "./compose-storage.ts";
import { EMBEDDED_EVENT_LIMITS } from "./events/pg-event-recorder.ts";
import { EmbeddedNotificationSource } from "./notices/embedded-notification-source.ts";
import { EMBEDDED_LOOKUP_LIMITS } from "./history/pg-subject-history-source.ts";
import { ProcessJobLocks } from "./jobs/process-job-locks.ts";
import { EMBEDDED_RECORDER_LIMITS } from "./recording/pg-decision-recorder.ts";
import { EmbeddedPool } from "./sql/embedded-pool.ts";
import type { Storage } from "./storage.ts";

/** Puts the ports together on a PGlite, which is closed with them. */
export function composeEmbedded(
  database: PGlite,
  place: Pick<StorageParts, "location" | "logger" | "onClosed">,
): Storage {
  const pool = new EmbeddedPool(database);
  return composeStorage({
    ...place,
    kind: "pglite",
    pool,
    // There is one connection, and it has no limits of time.
    withPatientPool: (work) => work(pool),
    notifications: new EmbeddedNotificationSource(database, pool),
    reportPool: pool,
    replicaPool: null,
    jobLocks: new ProcessJobLocks(),
    recorderLimits: EMBEDDED_RECORDER_LIMITS,
    lookupLimits: EMBEDDED_LOOKUP_LIMITS,
    eventLimits: EMBEDDED_EVENT_LIMITS,
    sinkRows: 100,
  });
}
