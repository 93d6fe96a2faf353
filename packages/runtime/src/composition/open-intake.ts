import type { Config } from "@lotty/config";
import type { FollowedSnapshots } from "@lotty/decisions";
import type { Clock, EventQueue, Logger } from "@lotty/domain";
import { createEventIntake, EventCatalogue, type EventIntake, type SpoolingEventRecorder } from "@lotty/events";
import type { Storage } from "@lotty/persistence";
import { ValueSchemas } from "@lotty/value-schemas";
import type { Metrics } from "../metrics/create-metrics.ts";

/** What taking events in works with. */
export interface IntakeParts {
  readonly storage: Storage;
  readonly snapshots: FollowedSnapshots;
  /** Keeps events while the database is away; `null` where there is no spool. */
  readonly spooling: SpoolingEventRecorder | null;
  /** Only the API has made sure that the stream is safe: `null` for others. */
  readonly queue: EventQueue | null;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Puts the intake of events together. Event types are read anew with every revision that the process comes to know. */
export function openIntake({ events }: Config, parts: IntakeParts): EventIntake {
  const { clock, logger, metrics, queue, snapshots, spooling, storage } = parts;
  const catalogue = new EventCatalogue({
    source: storage.control.store,
    revision: (environmentId) => snapshots.configuration(environmentId).revision,
    logger,
  });
  return createEventIntake({
    catalogue,
    schemas: new ValueSchemas(),
    recorder: storage.events.recorder,
    spooling,
    queue,
    writeMode: events.writeMode,
    times: events,
    metrics: metrics.events,
    clock,
    logger,
  });
}
