import type { Environment, SettingFault } from "./environment.ts";
import { readSetting } from "./settings.ts";

/** What cannot be meant by the addresses of Redis. */
export function redisConflict(env: Environment): SettingFault | undefined {
  const urls = readSetting("REDIS_URL", env)?.map((url) => new URL(url.reveal()));
  const cluster = readSetting("REDIS_CLUSTER", env);
  const [first, ...others] = urls ?? [];
  if (first === undefined || cluster === undefined) return undefined;
  if (!cluster) {
    return others.length === 0
      ? undefined
      : fault("names several servers, but REDIS_CLUSTER is false", "set REDIS_CLUSTER=true, or name one server");
  }
  if ([first, ...others].some(({ pathname }) => !/^\/?0?$/.test(pathname))) {
    return fault("asks for a database by its number, but a Redis Cluster has only one", "leave the number out");
  }
  if (others.some((other) => !isReachedLike(first, other))) {
    return fault(
      "names nodes of one cluster with different schemes, users or passwords, but all nodes, also those that are learned, are reached in the same way",
      "give all of them the same, or name a user and password in the first one only",
    );
  }
  return undefined;
}

function isReachedLike(first: URL, other: URL): boolean {
  if (other.protocol !== first.protocol) return false;
  if (other.username === "" && other.password === "") return true;
  return other.username === first.username && other.password === first.password;
}

function fault(message: string, hint: string): SettingFault {
  return { setting: "REDIS_URL", message, hint };
}
