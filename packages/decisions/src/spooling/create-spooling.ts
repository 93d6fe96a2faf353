import type {
  Clock,
  DecisionRecorder,
  DecisionSink,
  DecisionSpool,
  Logger,
  SubjectHistorySource,
  Timer,
} from "@lotty/domain";
import { Patience, SpoolDrainer, StoreCircuit, type CircuitState } from "@lotty/outage";
import { drainWriter } from "./drain-writer.ts";
import { KnownHistories } from "./known-histories.ts";
import { SpoolingHistory } from "./spooling-history.ts";
import { SpoolingRecorder } from "./spooling-recorder.ts";

/** What spooling works with. */
export interface SpoolingOptions {
  readonly spool: DecisionSpool;
  readonly recorder: DecisionRecorder;
  readonly history: SubjectHistorySource;
  readonly sink: DecisionSink;
  /**
   * Asks the store for a sign of life.
   *
   * @throws LottyError when it does not give one
   */
  readonly probe: () => Promise<void>;
  /** How long the store may take before it counts as away, in milliseconds; up to a quarter more. */
  readonly patienceMillis: number;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
}

/** A store of decisions that may be away, with a spool to fall back on. */
export interface Spooling {
  /** Records in the store, or in the spool while the store is away. */
  readonly recorder: DecisionRecorder;
  /** Histories, also while the store is away. */
  readonly histories: SpoolingHistory;
  /** Whether the store is used. */
  readonly state: CircuitState;
  /** Decisions that have been drained since the start. */
  readonly drained: number;
  /** Begins to drain what an earlier process has left, and to look whether a store that is away is back. */
  start(): void;
  /** Stops that, after the batch that is on its way. Recording goes on. */
  stop(): Promise<void>;
}

/** Most assignments that are remembered for outages: about 30 MB. */
const MAX_KNOWN_ASSIGNMENTS = 100_000;

/** Puts a spool in front of a store. */
export function createSpooling(options: SpoolingOptions): Spooling {
  const { spool, recorder, history: source, patienceMillis, logger, sink, timer } = options;
  const circuit = new StoreCircuit({
    initial: spool.size().rows > 0 ? "open" : "closed",
    awayEvent: "decision_store_away",
    logger,
  });
  const known = new KnownHistories(MAX_KNOWN_ASSIGNMENTS);
  const patience = new Patience(patienceMillis, timer);
  const drainer = new SpoolDrainer({ ...options, circuit, of: "decisions", write: drainWriter(sink, logger) });
  return {
    recorder: new SpoolingRecorder({ recorder, spool, circuit, known, patience }),
    histories: new SpoolingHistory({ source, spool, circuit, known, patience }),
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
