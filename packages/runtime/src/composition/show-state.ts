import type { Clock } from "@lotty/domain";
import { exposeConfigurationState } from "../metrics/configuration-metrics.ts";
import { exposeSpool, type SpoolState } from "../metrics/spool-metrics.ts";
import { configurationCheck, databaseCheck, redisCheck, spoolCheck } from "./health-checks.ts";
import type { OutageParts, Runtime } from "./runtime.ts";

const MICROS_PER_SECOND = 1_000_000;

/** Makes the state of a runtime's parts visible in its health and metrics. */
export function showState({ clock, config, health, metrics, outage, redis, role, snapshots, storage }: Runtime): void {
  health.add(databaseCheck(storage));
  if (redis !== null) health.add(redisCheck(redis));
  if (outage !== null) {
    health.add(spoolCheck(outage, clock));
    exposeSpool(metrics.registry, () => spoolState(outage, clock));
  }
  if (role === "worker") return;
  health.add(configurationCheck(snapshots, config.configurationPollSeconds));
  exposeConfigurationState(metrics.registry, () =>
    [...snapshots.followers()].map(([environment, { age, origin, revision }]) => ({
      environment,
      revision,
      origin,
      ageSeconds: age === undefined ? undefined : age / MICROS_PER_SECOND,
    })),
  );
}

function spoolState({ spool, spooling }: OutageParts, clock: Clock): SpoolState {
  const { oldest, ...size } = spool.size();
  const oldestSeconds = oldest === null ? undefined : (clock.now() - oldest) / MICROS_PER_SECOND;
  return { ...size, oldestSeconds, drained: spooling.drained };
}
