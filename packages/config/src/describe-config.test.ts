import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { describeConfig } from "./describe-config.ts";
import { loadConfig } from "./load-config.ts";
import { SETTING_NAMES } from "./settings.ts";

const SECRETS = {
  ADMIN_PASSWORD: "hunter2hunter2hunter2",
  DATABASE_URL: "postgres://lotty:hunter2@db:5432/lotty?sslmode=require&password=hunter2&sslpassword=hunter2",
  DATABASE_REPLICA_URL: "postgres://lotty:hunter2@replica:5432/lotty",
  REDIS_URL: "redis://:hunter2@cache:6379/0",
};

function load(env: Record<string, string>) {
  const loaded = loadConfig(env);
  if (!loaded.ok) throw new Error("the test's settings are wrong");
  return loaded.config;
}

describe("describeConfig", () => {
  it("lists every setting", () => {
    expect(Object.keys(describeConfig(load({})))).toEqual(SETTING_NAMES);
  });

  it("shows each value as a setting that loads to the same configuration", () => {
    const config = load({
      PORT: "0",
      TRUSTED_PROXIES: "10.0.0.7",
      LOTTY_DEMO: "demo.yaml",
      LOG_LEVEL: "DEBUG",
      LOTTY_PARENT_PID: "12",
    });
    const settings: Record<string, string> = {};
    for (const [name, value] of Object.entries(describeConfig(config))) if (value !== null) settings[name] = value;
    expect(loadConfig(settings)).toEqual({ ok: true, config, warnings: [] });
  });

  it("conceals passwords in the user part and in the query", () => {
    const described = describeConfig(load(SECRETS));
    expect(described.DATABASE_URL).toBe(
      "postgres://lotty:***@db:5432/lotty?sslmode=require&password=***&sslpassword=***",
    );
    expect(described.DATABASE_REPLICA_URL).toBe("postgres://lotty:***@replica:5432/lotty");
    expect(described.REDIS_URL).toBe("redis://:***@cache:6379/0");
    expect(described.ADMIN_PASSWORD).toBe("***");
  });

  it("conceals the password of every node of a cluster", () => {
    const REDIS_URL = "redis://:hunter2@one:7000,redis://:hunter2@two:7000";
    const described = describeConfig(load({ REDIS_URL, REDIS_CLUSTER: "true" }));
    expect(described.REDIS_URL).toBe("redis://:***@one:7000,redis://:***@two:7000");
  });

  it("is not the only guard: a configuration printed, inspected or put into a text shows no password", () => {
    const config = load(SECRETS);
    const printed = [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      String(config.redis?.urls),
    ];
    for (const text of printed) expect(text).not.toContain("hunter2");
  });
});
