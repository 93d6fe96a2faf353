import type { Config } from "@lotty/config";
import { DEFAULT_ENVIRONMENT_ID, type DecisionSpread, type Logger } from "@lotty/domain";
import { openReportSource } from "@lotty/runtime";
import type { Check } from "./check.ts";

/** A replica that is this much behind gives reports that surprise their readers. */
const BEHIND_TOLERANCE_MICROS = 60_000_000;

/** Asks about nothing, to learn of what is asked. */
const NOTHING = {
  environmentId: DEFAULT_ENVIRONMENT_ID,
  flagKey: "",
  experimentId: DEFAULT_ENVIRONMENT_ID,
  from: 0,
  to: 0,
};

/** Looks at the replica for reports, if there is one: whether it answers, is a standby, and how far behind it is. */
export async function replicaChecks({ database }: Config, logger: Logger): Promise<readonly Check[]> {
  if (database.kind !== "postgres" || database.replicaUrl === null) return [];
  const source = await openReportSource(database, logger);
  try {
    return [{ name: "replica", ...judged(source.location, await source.reports.spread(NOTHING)) }];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const advice = "Reports fail until it is back; decisions do not need it. Look at DATABASE_REPLICA_URL.";
    return [{ name: "replica", status: "warn", message, advice }];
  } finally {
    await source.close();
  }
}

function judged(location: string, { standby }: DecisionSpread): Omit<Check, "name"> {
  if (standby === null) {
    const advice = "It takes writes itself: perhaps it has been promoted, or it is the primary.";
    return { status: "warn", message: `${location} is no standby`, advice };
  }
  const { behindMicros } = standby;
  if (behindMicros === null) return { status: "ok", message: `${location} has had no transaction yet` };
  const behind = `${location} is ${(behindMicros / 1_000_000).toFixed(1)} s behind`;
  if (behindMicros <= BEHIND_TOLERANCE_MICROS) return { status: "ok", message: behind };
  const advice = "If something was written meanwhile, look at pg_stat_replication on the primary.";
  return { status: "warn", message: behind, advice };
}
