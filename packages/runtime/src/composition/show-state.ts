import type { Clock } from "@lotty/domain";
import { exposeConfigurationState } from "../metrics/configuration-metrics.ts";
import { exposeSpool, type SpoolState } from "../metrics/spool-metrics.ts";
import { configurationCheck, databaseCheck, redisCheck, spoolCheck } from "./health-checks.ts";
import type { EventOutageParts, OutageParts, Runtime } from "./runtime.ts";

const MICROS_PER_SECOND = 1_000_000;

/** Makes the state of a runtime's parts visible in its health and metrics. */
export function showState(runtime: Runtime): void {
  const { clock, config, eventOutage, health, metrics, outage, redis, role, snapshots, storage } = runtime;
  health.add(databaseCheck(storage));
  if (redis !== null) health.add(redisCheck(redis));
  if (outage !== null) {
    health.add(spoolCheck("spool", outage, clock));
    exposeSpool(metrics.registry, "decisions", () => spoolState(outage, clock));
  }
  if (eventOutage !== null) {
    health.add(spoolCheck("event_spool", eventOutage, clock));
    exposeSpool(metrics.registry, "events", () => spoolState(eventOutage, clock));
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

function spoolState({ spool, spooling }: OutageParts | EventOutageParts, clock: Clock): SpoolState {
  const { oldest, ...size } = spool.size();
  const oldestSeconds = oldest === null ? undefined : (clock.now() - oldest) / MICROS_PER_SECOND;
  return { ...size, oldestSeconds, drained: spooling.drained };
}
