import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** Why an entry was set aside: it is no decision, or the store can never take it. */
export type SetAsideCause = "malformed" | "rejected";

const CAUSES: readonly SetAsideCause[] = ["malformed", "rejected"];

/** Counts what a worker does. */
export interface WorkerMetrics {
  /** Decisions were handed to the database and committed, in one transaction that took so many seconds. */
  written(count: number, seconds: number): void;
  /** An entry went to the dead letters. */
  setAside(cause: SetAsideCause): void;
  /** Entries were taken over from a worker that did not finish them. */
  reclaimed(count: number): void;
  /** So many decisions lie outside the partition of their day. */
  strays(count: number): void;
}

/** From a commit on a fast disk to a statement that is about to be cut off. */
const BATCH_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Makes the counters of a worker in a registry. Use once per registry. */
export function createWorkerMetrics(registry: Registry): WorkerMetrics {
  const written = new Counter({
    name: "lotty_worker_decisions_written_total",
    help: "Decisions of the stream that were committed to the database, those that it had already included.",
    registers: [registry],
  });
  const setAside = new Counter({
    name: "lotty_worker_decisions_set_aside_total",
    help: "Decisions of the stream that can never be written and were moved to the dead letters.",
    labelNames: ["cause"] as const,
    registers: [registry],
  });
  const reclaimed = new Counter({
    name: "lotty_worker_decisions_reclaimed_total",
    help: "Decisions of the stream that were taken over from a worker that did not finish them.",
    registers: [registry],
  });
  const batchSeconds = new Histogram({
    name: "lotty_worker_batch_seconds",
    help: "Time from handing a batch to the database to its commit, outages included.",
    buckets: BATCH_SECONDS,
    registers: [registry],
  });
  const strays = new Gauge({
    name: "lotty_decisions_astray",
    help: "Decisions outside the partition of their day when last looked at; anything but 0 asks for attention.",
    registers: [registry],
  });
  for (const cause of CAUSES) setAside.inc({ cause }, 0);
  return {
    written: (count, seconds) => {
      written.inc(count);
      batchSeconds.observe(seconds);
    },
    setAside: (cause) => setAside.inc({ cause }),
    reclaimed: (count) => reclaimed.inc(count),
    strays: (count) => strays.set(count),
  };
}

/** Makes the counters of a worker's drains of events in a registry. What becomes of the events is counted as of those that were sent. */
export function createEventDrainMetrics(registry: Registry): Pick<WorkerMetrics, "written" | "setAside" | "reclaimed"> {
  const seconds = new Histogram({
    name: "lotty_worker_event_batch_seconds",
    help: "Time from handing a batch of events to the database to its commit, outages included.",
    buckets: BATCH_SECONDS,
    registers: [registry],
  });
  const setAside = new Counter({
    name: "lotty_worker_events_set_aside_total",
    help: "Events of the stream that can never be kept and were moved to their dead letters.",
    labelNames: ["cause"] as const,
    registers: [registry],
  });
  const reclaimed = new Counter({
    name: "lotty_worker_events_reclaimed_total",
    help: "Events of the stream that were taken over from a worker that did not finish them.",
    registers: [registry],
  });
  for (const cause of CAUSES) setAside.inc({ cause }, 0);
  return {
    written: (_count, took) => seconds.observe(took),
    setAside: (cause) => setAside.inc({ cause }),
    reclaimed: (count) => reclaimed.inc(count),
  };
}

/** Who can tell how much waits in the stream. */
export interface BacklogSources {
  readonly of: "decisions" | "events";
  backlog(): Promise<{ readonly unread: number; readonly pending: number }>;
  deadLetters(): Promise<number>;
}

/** Shows how much waits, asked at each scrape; nothing while the stream cannot be asked. Use once per registry. */
export function exposeBacklog(registry: Registry, sources: BacklogSources): void {
  const gauge: Gauge<"state"> = new Gauge({
    name: sources.of === "decisions" ? "lotty_stream_backlog" : "lotty_event_stream_backlog",
    help: "What is in the stream: unread, pending (taken and not acknowledged), set_aside (dead letters).",
    labelNames: ["state"] as const,
    registers: [registry],
    collect: async () => {
      // An old figure would look like a fresh one.
      gauge.reset();
      const counts = await Promise.all([sources.backlog(), sources.deadLetters()]).catch(() => undefined);
      if (counts === undefined) return;
      const [{ unread, pending }, setAside] = counts;
      gauge.set({ state: "unread" }, unread);
      gauge.set({ state: "pending" }, pending);
      gauge.set({ state: "set_aside" }, setAside);
    },
  });
}
