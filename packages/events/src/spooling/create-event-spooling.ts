import type { Clock, EventMetrics, EventRecorder, EventSink, EventSpool, Logger, Timer } from "@lotty/domain";
import { Patience, SpoolDrainer, StoreCircuit, type CircuitState } from "@lotty/outage";
import { eventDrainWriter } from "./event-drain-writer.ts";
import { SpoolingEventRecorder } from "./spooling-event-recorder.ts";

/** What spooling events works with. */
export interface EventSpoolingOptions {
  readonly spool: EventSpool;
  readonly recorder: EventRecorder;
  /** Takes what was spooled. */
  readonly sink: EventSink;
  /**
   * Asks the store for a sign of life.
   *
   * @throws LottyError when it does not give one
   */
  readonly probe: () => Promise<void>;
  /** How long the store may take before it counts as away, in milliseconds; up to a quarter more. */
  readonly patienceMillis: number;
  readonly metrics: EventMetrics;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
}

/** A store of events that may be away, with a spool to fall back on. */
export interface EventSpooling {
  /** Keeps events in the store, or in the spool while the store is away. */
  readonly recorder: SpoolingEventRecorder;
  /** Whether the store is used. */
  readonly state: CircuitState;
  /** Events that have been drained since the start. */
  readonly drained: number;
  /** Begins to drain what an earlier process has left, and to look whether a store that is away is back. */
  start(): void;
  /** Stops that, after the batch that is on its way. Taking events goes on. */
  stop(): Promise<void>;
}

/** Puts a spool in front of a store of events. */
export function createEventSpooling(options: EventSpoolingOptions): EventSpooling {
  const { logger, metrics, patienceMillis, recorder, sink, spool, timer } = options;
  const circuit = new StoreCircuit({
    initial: spool.size().rows > 0 ? "open" : "closed",
    awayEvent: "event_store_away",
    logger,
  });
  const patience = new Patience(patienceMillis, timer);
  const write = eventDrainWriter({ sink, metrics, logger });
  const drainer = new SpoolDrainer({ ...options, circuit, of: "events", write });
  return {
    recorder: new SpoolingEventRecorder({ recorder, spool, circuit, patience }),
    get state() {
      return circuit.state;
    },
    get drained() {
      return drainer.drained;
    },
    start: () => drainer.start(),
    stop: async () => {
      await drainer.stop();
      patience.stop();
    },
  };
}
