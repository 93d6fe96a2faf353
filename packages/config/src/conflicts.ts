import type { Environment, SettingFault } from "./environment.ts";
import { redisConflict } from "./redis-conflict.ts";
import { readSetting } from "./settings.ts";

/** Finds settings that are right by themselves and wrong beside each other, or for the time being. */
export function findConflicts(env: Environment): SettingFault[] {
  const rules = [
    shortSessions,
    redisConflict,
    asyncWithoutStream,
    replicaOfNothing,
    forgottenEvents,
    impatientRequests,
    impatientShutdown,
  ];
  return rules.flatMap((rule) => rule(env) ?? []);
}

function asyncWithoutStream(env: Environment): SettingFault[] {
  if (env["REDIS_URL"] !== undefined) return [];
  return (["DECISION_WRITE_MODE", "EVENT_WRITE_MODE"] as const)
    .filter((setting) => env[setting]?.toLowerCase() === "async")
    .map((setting) => ({
      setting,
      message:
        "is async, which needs a stream, but REDIS_URL is not set: what only the memory of a process holds must not be acknowledged",
      hint: "set REDIS_URL, or use sync",
    }));
}

function replicaOfNothing(env: Environment): SettingFault | undefined {
  if (env["DATABASE_REPLICA_URL"] === undefined || env["DATABASE_URL"] !== undefined) return undefined;
  return {
    setting: "DATABASE_REPLICA_URL",
    message: "is set, but DATABASE_URL is not: the embedded database, which would be used, has no replica",
    hint: "set DATABASE_URL to the database that it is a replica of, or leave it out",
  };
}

/** Events that are forgotten while they may still be sent again would be kept twice. */
function forgottenEvents(env: Environment): SettingFault | undefined {
  const retention = readSetting("EVENT_RETENTION_DAYS", env);
  const age = readSetting("EVENT_MAX_AGE_DAYS", env);
  if (retention === undefined || age === undefined || retention >= age) return undefined;
  return {
    setting: "EVENT_RETENTION_DAYS",
    message: `${retention} is less than EVENT_MAX_AGE_DAYS (${age}): an event that is sent again after it was removed would count twice`,
    hint: `use at least ${age}, or lower EVENT_MAX_AGE_DAYS`,
  };
}

/** A request that is given up before the servers it waits for are would never learn what they say. */
function impatientRequests(env: Environment): SettingFault | undefined {
  const request = readSetting("REQUEST_TIMEOUT_MS", env);
  const connect = readSetting("DATABASE_CONNECT_TIMEOUT_MS", env);
  const statement = readSetting("DATABASE_STATEMENT_TIMEOUT_MS", env);
  const command = readSetting("REDIS_COMMAND_TIMEOUT_MS", env);
  if (request === undefined) return undefined;
  if (env["DATABASE_URL"] !== undefined && connect !== undefined && statement !== undefined) {
    if (request <= connect + statement) {
      return {
        setting: "REQUEST_TIMEOUT_MS",
        message: `${request} is not more than DATABASE_CONNECT_TIMEOUT_MS and DATABASE_STATEMENT_TIMEOUT_MS together (${connect} + ${statement}): requests would be given up before the database is`,
        hint: `use more than ${connect + statement}, or lower the other two`,
      };
    }
  }
  if (env["REDIS_URL"] === undefined || command === undefined || request > command) return undefined;
  return {
    setting: "REQUEST_TIMEOUT_MS",
    message: `${request} is not more than REDIS_COMMAND_TIMEOUT_MS (${command}): requests would be given up before Redis is`,
    hint: `use more than ${command}, or lower REDIS_COMMAND_TIMEOUT_MS`,
  };
}

function impatientShutdown(env: Environment): SettingFault | undefined {
  const delay = readSetting("SHUTDOWN_DELAY_SECONDS", env);
  const grace = readSetting("SHUTDOWN_GRACE_SECONDS", env);
  if (delay === undefined || grace === undefined || delay < grace) return undefined;
  return {
    setting: "SHUTDOWN_DELAY_SECONDS",
    message: `${delay} is not less than SHUTDOWN_GRACE_SECONDS (${grace}): no time would be left to end in`,
    hint: `use less than ${grace}, or raise SHUTDOWN_GRACE_SECONDS`,
  };
}

/** A session that must end before it can be idle makes one of the two settings a mistake. */
function shortSessions(env: Environment): SettingFault | undefined {
  const idle = readSetting("SESSION_IDLE_MINUTES", env);
  const max = readSetting("SESSION_MAX_HOURS", env);
  if (idle === undefined || max === undefined || idle <= max * 60) return undefined;
  return {
    setting: "SESSION_IDLE_MINUTES",
    message: `${idle} is more than SESSION_MAX_HOURS (${max}) allows a session to last`,
    hint: `use at most ${max * 60}, or raise SESSION_MAX_HOURS`,
  };
}
