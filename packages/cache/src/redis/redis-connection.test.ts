import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { clusterOptions, connectionOptions, type ConnectionRole, type ServerSettings } from "./connection-options.ts";

const settings: ServerSettings = {
  urls: ["rediss://user:p%40ss@redis.example:6380/3"],
  cluster: false,
  logger: new RecordingLogger(),
  commandTimeoutMillis: 250,
};
const roles: readonly ConnectionRole[] = ["commands", "control", "reader", "subscriber"];

describe("the settings of a connection", () => {
  it.each(roles)("take host, user, database and encryption from the URL (%s)", (role) => {
    const client = new Redis(settings.urls[0], connectionOptions(settings, role));
    expect(client.options).toMatchObject({
      host: "redis.example",
      port: 6380,
      username: "user",
      password: "p@ss",
      db: 3,
      tls: true,
      lazyConnect: true,
    });
    client.disconnect();
  });

  it.each(roles)("let nothing queue up while the server is away (%s)", (role) => {
    expect(connectionOptions(settings, role).enableOfflineQueue).toBe(false);
  });

  it("limit the commands of requests and not the read that blocks", () => {
    expect(connectionOptions(settings, "commands").commandTimeout).toBe(250);
    expect(connectionOptions(settings, "reader").commandTimeout).toBeUndefined();
  });

  it.each(roles)("of a cluster reach every node as the first address says (%s)", (role) => {
    const { redisOptions, ...options } = clusterOptions({ ...settings, cluster: true }, role);
    expect(redisOptions).toMatchObject({ username: "user", password: "p@ss", tls: {} });
    // Neither is a command repeated that a server may have carried out.
    expect(options).toMatchObject({ retryDelayOnFailover: 0, retryDelayOnClusterDown: 0 });
  });

  it("of a cluster limit commands as those to a single server do", () => {
    const cluster = { ...settings, cluster: true };
    expect(clusterOptions(cluster, "commands").redisOptions).toMatchObject({ commandTimeout: 250 });
    expect(clusterOptions(cluster, "reader").redisOptions).toMatchObject({ autoResendUnfulfilledCommands: false });
    expect(clusterOptions(cluster, "reader").redisOptions.commandTimeout).toBeUndefined();
  });

  it("wait a little longer for each attempt to reconnect, never in step, two seconds at most", () => {
    const delay = connectionOptions(settings, "commands").retryStrategy;
    for (const [attempt, longest] of [
      [1, 50],
      [2, 100],
      [4, 400],
      [10, 2_000],
      [1_000, 2_000],
    ] as const) {
      const delays = Array.from({ length: 50 }, () => Number(delay?.(attempt)));
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(longest / 2);
      expect(Math.max(...delays)).toBeLessThanOrEqual(longest);
      expect(new Set(delays).size).toBeGreaterThan(1);
    }
  });
});
