import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Config } from "@lotty/config";
import { DEFAULT_ENVIRONMENT_ID, formatInstant, type Instant, isLottyError, type Logger } from "@lotty/domain";
import { openStorage } from "@lotty/runtime";
import type { OpenedStorage } from "../sources/with-storage.ts";
import type { Check } from "./check.ts";

/** A clock that is this much behind the newest change is wrong, or the machine that made the change was. */
const CLOCK_TOLERANCE: Instant = 60_000_000;

/** Looks at the database: whether it answers, its tables, the log of decisions, and whether the clock fits to it. */
export async function databaseChecks(config: Config, logger: Logger, now: Instant): Promise<readonly Check[]> {
  if (await isNotMadeYet(config)) return [{ name: "database", status: "ok", message: "embedded, not made yet" }];
  let storage: OpenedStorage;
  try {
    storage = await openStorage(config.database, logger);
  } catch (error) {
    return [openFailure(error)];
  }
  try {
    return await checksOf(storage, now);
  } catch (error) {
    return [openFailure(error)];
  } finally {
    await storage.close();
  }
}

async function isNotMadeYet({ database }: Config): Promise<boolean> {
  if (database.kind !== "embedded" || database.directory === "memory") return false;
  return (await stat(join(resolve(database.directory), "postgres")).catch(() => undefined)) === undefined;
}

function openFailure(error: unknown): Check {
  const message = error instanceof Error ? error.message : String(error);
  if (isLottyError(error, "data_directory_in_use")) {
    const advice = "If it is the server, that is fine: ask it under /readyz. Stop it to look further here.";
    return { name: "database", status: "warn", message, advice };
  }
  return { name: "database", status: "fail", message, advice: "Look at DATABASE_URL, and whether the database runs." };
}

async function checksOf(storage: OpenedStorage, now: Instant): Promise<readonly Check[]> {
  const startedAt = performance.now();
  await storage.ping();
  const millis = (performance.now() - startedAt).toFixed(1);
  const reached: Check = { name: "database", status: "ok", message: `${storage.location} answers in ${millis} ms` };
  const { current, pending, unknown } = await storage.schemaState();
  if (pending.length > 0 || unknown.length > 0) {
    const what =
      pending.length > 0 ? `${pending.length} steps are missing` : `made by a newer version: ${unknown.join(", ")}`;
    const advice = pending.length > 0 ? "Run `lotty migrate`." : "Use the version that made them, or a newer one.";
    return [reached, { name: "schema", status: "fail", message: `${current ?? "no tables yet"}; ${what}`, advice }];
  }
  return [
    reached,
    { name: "schema", status: "ok", message: current ?? "" },
    ...(await configurationChecks(storage, now)),
    ...(await partitionChecks(storage, now)),
  ];
}

async function configurationChecks(storage: OpenedStorage, now: Instant): Promise<readonly Check[]> {
  const { revision, flags, experiments } = await storage.configuration.load(DEFAULT_ENVIRONMENT_ID);
  const running = experiments.filter(({ status }) => status === "running").length;
  const message = `revision ${revision}: ${flags.length} flags, ${experiments.length} experiments, ${running} running`;
  const newest = Math.max(
    0,
    ...flags.map(({ updatedAt }) => updatedAt),
    ...experiments.map(({ updatedAt }) => updatedAt),
  );
  const behind = newest - now > CLOCK_TOLERANCE;
  return [
    flags.length === 0
      ? { name: "configuration", status: "warn", message, advice: "Load flags with `lotty apply FILE`." }
      : { name: "configuration", status: "ok", message },
    behind
      ? {
          name: "clock",
          status: "fail",
          message: `it is ${formatInstant(now)} here, but the configuration was changed at ${formatInstant(newest)}`,
          advice: "Synchronise the clocks of all machines: cooldowns and ids depend on them.",
        }
      : { name: "clock", status: "ok", message: formatInstant(now) },
  ];
}

async function partitionChecks(storage: OpenedStorage, now: Instant): Promise<readonly Check[]> {
  const days = await storage.partitions.list();
  const strays = await storage.partitions.strays();
  const today = formatInstant(now).slice(0, 10).replaceAll("-", "");
  const ahead = days.filter((name) => name.replaceAll(/\D/g, "") >= today).length;
  const message = `${days.length} days, ${ahead} of them from today on`;
  return [
    ahead === 0
      ? { name: "partitions", status: "warn", message, advice: "The API and the worker make them: start one of them." }
      : { name: "partitions", status: "ok", message },
    strays === 0
      ? { name: "strays", status: "ok", message: "no decision is outside the partition of its day" }
      : {
          name: "strays",
          status: "warn",
          message: `${strays.toLocaleString("en")} decisions are outside the partition of their day`,
          advice:
            "The worker moves them when it makes the partition. If they stay, look at the clocks of the machines.",
        },
  ];
}
