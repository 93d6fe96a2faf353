import { exposeConfigurationState } from "../metrics/configuration-metrics.ts";
import { configurationCheck, databaseCheck, redisCheck } from "./health-checks.ts";
import type { Runtime } from "./runtime.ts";

const MICROS_PER_SECOND = 1_000_000;

/** Makes the state of a runtime's parts visible in its health and metrics. */
export function showState({ config, health, metrics, redis, role, snapshots, storage }: Runtime): void {
  health.add(databaseCheck(storage));
  if (redis !== null) health.add(redisCheck(redis));
  if (role === "worker") return;
  health.add(configurationCheck(snapshots, config.configurationPollSeconds));
  exposeConfigurationState(metrics.registry, () => ({
    revision: snapshots.revision,
    ageSeconds: snapshots.age === undefined ? undefined : snapshots.age / MICROS_PER_SECOND,
  }));
}
