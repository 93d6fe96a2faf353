import type { SnapshotOrigin } from "@lotty/decisions";
import { Gauge, type Registry } from "prom-client";

/** What a process knows about the configuration that it decides by in an environment. */
export interface ConfigurationState {
  /** Key of the environment. */
  readonly environment: string;
  /** Revision in use; `undefined` before the first load. */
  readonly revision: number | undefined;
  /** Seconds since the revision in use was last confirmed to be the newest; `undefined` before the first load. */
  readonly ageSeconds: number | undefined;
  /** Where the configuration in use comes from; `undefined` before the first load. */
  readonly origin: SnapshotOrigin | undefined;
}

/** Shows revision, age and source of the configurations in use; nothing before the first load. Use once per registry. */
export function exposeConfigurationState(registry: Registry, states: () => readonly ConfigurationState[]): void {
  const revision: Gauge<"environment"> = new Gauge({
    name: "lotty_configuration_revision",
    help: "Revision of the configuration in use.",
    labelNames: ["environment"] as const,
    registers: [registry],
    collect: () => show(revision, states(), (state) => state.revision),
  });
  const age: Gauge<"environment"> = new Gauge({
    name: "lotty_configuration_age_seconds",
    help: "Time since the configuration in use was last confirmed to be the newest.",
    labelNames: ["environment"] as const,
    registers: [registry],
    collect: () => show(age, states(), (state) => state.ageSeconds),
  });
  const source: Gauge<"environment" | "source"> = new Gauge({
    name: "lotty_configuration_source",
    help: "1 for where the configuration in use comes from, 0 for the other; disk: what an earlier process had kept.",
    labelNames: ["environment", "source"] as const,
    registers: [registry],
    collect: () => {
      source.reset();
      for (const { environment, origin } of states()) {
        source.set({ environment, source: "database" }, origin === "store" ? 1 : 0);
        source.set({ environment, source: "disk" }, origin === "keeper" ? 1 : 0);
      }
    },
  });
}

function show(
  gauge: Gauge<"environment">,
  states: readonly ConfigurationState[],
  valueOf: (state: ConfigurationState) => number | undefined,
): void {
  // An environment that was archived is not shown any more.
  gauge.reset();
  for (const state of states) {
    const value = valueOf(state);
    if (value !== undefined) gauge.set({ environment: state.environment }, value);
  }
}
