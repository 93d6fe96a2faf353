import type { Config } from "@lotty/config";
import type { FollowedSnapshots } from "@lotty/decisions";
import type { Clock, EventQueue, EventTypeKeeper, Logger } from "@lotty/domain";
import { createEventIntake, EventCatalogue, type EventIntake, type SpoolingEventRecorder } from "@lotty/events";
import type { Storage } from "@lotty/persistence";
import { ValueSchemas } from "@lotty/value-schemas";
import type { Metrics } from "../metrics/create-metrics.ts";

/** What taking events in works with. */
export interface IntakeParts {
  readonly storage: Storage;
  readonly catalogue: EventCatalogue;
  /** Keeps events while the database is away; `null` where there is no spool. */
  readonly spooling: SpoolingEventRecorder | null;
  /** Only the API has made sure that the stream is safe: `null` for others. */
  readonly queue: EventQueue | null;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What event types are read with. */
export interface CatalogueParts {
  readonly storage: Storage;
  readonly snapshots: FollowedSnapshots;
  /** Keeps event types for the next process; `null` where that is not needed. */
  readonly keeper: EventTypeKeeper | null;
  readonly logger: Logger;
}

/** Opens the event types, which are read anew with every revision that the process comes to know. Before the snapshots are started. */
export function openCatalogue({ keeper, logger, snapshots, storage }: CatalogueParts): EventCatalogue {
  const catalogue = new EventCatalogue({
    source: storage.control.store,
    keeper,
    revision: (environmentId) => snapshots.configuration(environmentId).revision,
    logger,
  });
  if (keeper !== null) {
    // Not only with the first event that needs them: by then the database may be away.
    snapshots.onChange(({ environmentId }) => void catalogue.typesOf(environmentId).catch(() => undefined));
  }
  return catalogue;
}

/** Puts the intake of events together. */
export function openIntake({ events }: Config, parts: IntakeParts): EventIntake {
  const { catalogue, clock, logger, metrics, queue, spooling, storage } = parts;
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
