import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { connectionOptions, type ConnectionRole, type ServerSettings } from "./redis-connection.ts";

const settings: ServerSettings = {
  url: "rediss://user:pass@redis.example:6380/3",
  logger: new RecordingLogger(),
  commandTimeoutMillis: 250,
};
const roles: readonly ConnectionRole[] = ["commands", "control", "reader", "subscriber"];

describe("the settings of a connection", () => {
  it.each(roles)("take host, user, database and encryption from the URL (%s)", (role) => {
    const client = new Redis(settings.url, connectionOptions(settings, role));
    expect(client.options).toMatchObject({
      host: "redis.example",
      port: 6380,
      username: "user",
      password: "pass",
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
