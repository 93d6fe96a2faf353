import type { SpoolSize } from "@lotty/domain";
import { Counter, Gauge, type Registry } from "prom-client";

/** What a process knows of a spool. */
export interface SpoolState extends Omit<SpoolSize, "oldest"> {
  /** Seconds since what waits longest came to be; `undefined` when none waits. */
  readonly oldestSeconds: number | undefined;
  /** Rows that were drained since the start. */
  readonly drained: number;
}

/** Names of the figures of a spool, and what waits in it. */
const SPOOLS = {
  decisions: { prefix: "lotty_spool", one: "decision", many: "Decisions" },
  events: { prefix: "lotty_event_spool", one: "event", many: "Events" },
} as const;

/** Shows how full a spool is and what was drained from it. Use once per registry and kind. */
export function exposeSpool(registry: Registry, of: keyof typeof SPOOLS, state: () => SpoolState): void {
  const { many, one, prefix } = SPOOLS[of];
  showGauge("rows", `${many} that wait in the spool for the database.`, (spool) => spool.rows);
  showGauge("bytes", `About how many bytes of disk the spool of ${of} takes.`, (spool) => spool.bytes);
  showGauge("oldest_seconds", `Age of the ${one} that waits longest; 0 when none waits.`, (spool) =>
    Math.max(0, spool.oldestSeconds ?? 0),
  );
  showGauge("set_aside_rows", `${many} of the spool that the database refused.`, (spool) => spool.setAside);
  const drained: Counter = new Counter({
    name: `${prefix}_drained_total`,
    help: `${many} that were written from the spool to the database.`,
    registers: [registry],
    collect: () => {
      drained.reset();
      drained.inc(state().drained);
    },
  });

  function showGauge(name: string, help: string, value: (spool: SpoolState) => number): void {
    const gauge: Gauge = new Gauge({
      name: `${prefix}_${name}`,
      help,
      registers: [registry],
      collect: () => gauge.set(value(state())),
    });
  }
}
