import type { SpoolSize } from "@lotty/domain";
import { Counter, Gauge, type Registry } from "prom-client";

/** What a process knows of its spool. */
export interface SpoolState extends Omit<SpoolSize, "oldest"> {
  /** Seconds since the decision that waits longest was taken; `undefined` when none waits. */
  readonly oldestSeconds: number | undefined;
  /** Decisions that were drained since the start. */
  readonly drained: number;
}

/** Shows how full the spool is and what was drained from it. Use once per registry. */
export function exposeSpool(registry: Registry, state: () => SpoolState): void {
  showGauge("lotty_spool_rows", "Decisions that wait in the spool for the database.", (spool) => spool.rows);
  showGauge("lotty_spool_bytes", "About how many bytes of disk the spool takes.", (spool) => spool.bytes);
  showGauge("lotty_spool_oldest_seconds", "Age of the decision that waits longest; 0 when none waits.", (spool) =>
    Math.max(0, spool.oldestSeconds ?? 0),
  );
  showGauge(
    "lotty_spool_set_aside_rows",
    "Decisions of the spool that the database refused.",
    (spool) => spool.setAside,
  );
  const drained: Counter = new Counter({
    name: "lotty_spool_drained_total",
    help: "Decisions that were written from the spool to the database.",
    registers: [registry],
    collect: () => {
      drained.reset();
      drained.inc(state().drained);
    },
  });

  function showGauge(name: string, help: string, value: (spool: SpoolState) => number): void {
    const gauge: Gauge = new Gauge({ name, help, registers: [registry], collect: () => gauge.set(value(state())) });
  }
}
