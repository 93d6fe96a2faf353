import type { SnapshotOrigin } from "@lotty/decisions";
import { Gauge, type Registry } from "prom-client";

/** What a process knows about the configuration it decides by. */
export interface ConfigurationState {
  /** Revision in use; `undefined` before the first load. */
  readonly revision: number | undefined;
  /** Seconds since the revision in use was last confirmed to be the newest; `undefined` before the first load. */
  readonly ageSeconds: number | undefined;
  /** Where the configuration in use comes from; `undefined` before the first load. */
  readonly origin: SnapshotOrigin | undefined;
}

/** Shows revision, age and source of the configuration in use; nothing before the first load. Use once per registry. */
export function exposeConfigurationState(registry: Registry, state: () => ConfigurationState): void {
  const revision: Gauge = new Gauge({
    name: "lotty_configuration_revision",
    help: "Revision of the configuration in use.",
    registers: [registry],
    collect: () => show(revision, state().revision),
  });
  const age: Gauge = new Gauge({
    name: "lotty_configuration_age_seconds",
    help: "Time since the configuration in use was last confirmed to be the newest.",
    registers: [registry],
    collect: () => show(age, state().ageSeconds),
  });
  const source: Gauge<"source"> = new Gauge({
    name: "lotty_configuration_source",
    help: "1 for where the configuration in use comes from, 0 for the other; disk: what an earlier process had kept.",
    labelNames: ["source"] as const,
    registers: [registry],
    collect: () => {
      const { origin } = state();
      source.set({ source: "database" }, origin === "store" ? 1 : 0);
      source.set({ source: "disk" }, origin === "keeper" ? 1 : 0);
    },
  });
}

function show(gauge: Gauge, value: number | undefined): void {
  if (value === undefined) gauge.remove();
  else gauge.set(value);
}
