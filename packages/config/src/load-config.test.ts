import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeFaults } from "./describe-faults.ts";
import type { Environment } from "./environment.ts";
import { loadConfig } from "./load-config.ts";
import { SETTING_NAMES } from "./settings.ts";

function configOf(env: Environment) {
  const loaded = loadConfig(env);
  if (!loaded.ok) throw new Error(describeFaults(loaded.faults));
  return loaded.config;
}

function faultsOf(env: Environment) {
  const loaded = loadConfig(env);
  return loaded.ok ? [] : loaded.faults;
}

describe("loadConfig", () => {
  it("needs nothing: an empty environment gives an embedded database, memory caches and loopback addresses", () => {
    expect(configOf({})).toEqual({
      api: { host: "127.0.0.1", port: 8080 },
      worker: { host: "127.0.0.1", port: 8081 },
      limits: {
        requestTimeoutMillis: 5_000,
        maxInFlight: 512,
        maxWaiting: 512,
        maxEventStreams: 1_000,
        maxEventLoopDelayMillis: 200,
      },
      access: {
        authentication: "automatic",
        required: false,
        adminPassword: null,
        sessionIdleMillis: 28_800_000,
        sessionMaxMillis: 604_800_000,
        trustedProxies: [],
        rateLimits: {
          decide: { perKey: 10_000, perAddress: 100 },
          other: { perKey: 500, perAddress: 100 },
          shared: false,
        },
      },
      database: { kind: "embedded", directory: "./.lotty" },
      control: { allowSelfApproval: false, minimumApprovals: 1, previewDays: 7 },
      notifications: { secretsKey: null, allowedNetworks: [], retentionDays: 30 },
      dataDirectory: "./.lotty",
      redis: null,
      decisions: {
        writeMode: "sync",
        attributes: "digest",
        resultCacheTtlSeconds: 60,
        historyCacheTtlSeconds: 30,
        streamMaxLength: 1_000_000,
        streamShards: 1,
        allowUnsafeStream: false,
        spool: null,
        retentionDays: null,
      },
      events: {
        writeMode: "sync",
        streamMaxLength: 1_000_000,
        spool: null,
        maxAheadSeconds: 300,
        maxAgeDays: 30,
        retentionDays: null,
        pendingDays: 7,
      },
      configurationPollSeconds: 5,
      demoFile: null,
      log: { level: "info", format: "json" },
      shutdownGraceSeconds: 10,
      shutdownDelaySeconds: 0,
      parentPid: null,
    });
  });

  it("takes Postgres and Redis by URL and keeps their passwords for the driver", () => {
    const config = configOf({ DATABASE_URL: "postgres://u:pw1@db/lotty", REDIS_URL: "rediss://:pw2@cache:6380" });
    expect(config.database.kind === "postgres" && config.database.url.reveal()).toBe("postgres://u:pw1@db/lotty");
    expect(config.redis?.urls.map((url) => url.reveal())).toEqual(["rediss://:pw2@cache:6380"]);
    expect(config.redis?.cluster).toBe(false);
  });

  it("takes several nodes of a Redis Cluster, passwords with commas included", () => {
    const REDIS_URL = "redis://:a,b@one:7000, redis://two:7001,redis://:a,b@three";
    const { redis } = configOf({ REDIS_URL, REDIS_CLUSTER: "true" });
    expect(redis?.cluster).toBe(true);
    expect(redis?.urls.map((url) => url.reveal())).toEqual([
      "redis://:a,b@one:7000",
      "redis://two:7001",
      "redis://:a,b@three",
    ]);
    expect(configOf({ REDIS_URL: "redis://one:7000/0", REDIS_CLUSTER: "true" }).redis?.cluster).toBe(true);
  });

  it.each([
    ["several servers without a cluster", "redis://one,redis://two", "false", "REDIS_CLUSTER is false"],
    ["a numbered database of a cluster", "redis://one/3", "true", "has only one"],
    ["different passwords", "redis://:x@one,redis://:y@two", "true", "different"],
    ["encryption for some", "rediss://one,redis://two", "true", "different"],
    ["hosts without a scheme", "redis://one:1,two:2", "true", "no list of complete URLs"],
    ["hosts without scheme and port", "redis://one,two", "true", "no list of complete URLs"],
    ["another scheme in between", "redis://one,http://two,redis://three", "true", "no list of complete URLs"],
  ])("refuses %s", (_what, REDIS_URL, REDIS_CLUSTER, message) => {
    expect(faultsOf({ REDIS_URL, REDIS_CLUSTER })).toMatchObject([
      { setting: "REDIS_URL", message: expect.stringContaining(message) as string },
    ]);
  });

  it.each(["sync", "SYNC", "Disabled", "dIsAbLeD"])(
    "takes the write mode %s in any case, as the reference does",
    (mode) => {
      expect(configOf({ DECISION_WRITE_MODE: mode }).decisions.writeMode).toBe(mode.toLowerCase());
    },
  );

  it.each(["asynchronous", "async ", "None", "1", ""])("refuses the write mode %j instead of falling back", (mode) => {
    const env = { DECISION_WRITE_MODE: mode, REDIS_URL: "redis://cache" };
    expect(faultsOf(env)).toMatchObject([
      { setting: "DECISION_WRITE_MODE", hint: expect.stringContaining("sync") as string },
    ]);
  });

  it.each([
    ["0", 0],
    [" 30 ", 30],
    ["007", 7],
    ["\t5\n", 5],
  ])("reads the cache's time to live %j as the reference does", (raw, seconds) => {
    expect(configOf({ DECISION_RESULT_CACHE_TTL_SECONDS: raw }).decisions.resultCacheTtlSeconds).toBe(seconds);
  });

  it.each(["", " ", "-1", "1.5", "60s", "1e3", "0x10", "\u0663", "99999999999999999999"])(
    "refuses the cache's time to live %j",
    (raw) => {
      expect(faultsOf({ DECISION_RESULT_CACHE_TTL_SECONDS: raw })).toHaveLength(1);
    },
  );

  it("reports every fault at once, in the order of the documentation, rules between settings included", () => {
    const faults = faultsOf({
      LOG_LEVEL: "loud",
      PORT: "65536",
      DATABASE_URL: "mysql://db/lotty",
      DECISION_WRITE_MODE: "Async",
      HOST: "no host",
    });
    expect(faults.map((fault) => fault.setting)).toEqual([
      "HOST",
      "PORT",
      "DATABASE_URL",
      "DECISION_WRITE_MODE",
      "LOG_LEVEL",
    ]);
    expect(describeFaults(faults)).toContain("  PORT: 65536 is out of range.\n    Use a whole number from 0 to 65535");
  });

  it("refuses async without Redis and says why", () => {
    const [fault] = faultsOf({ DECISION_WRITE_MODE: "async" });
    expect(fault?.setting).toBe("DECISION_WRITE_MODE");
    expect(fault?.message).toContain("REDIS_URL is not set");
    expect(configOf({ DECISION_WRITE_MODE: "async", REDIS_URL: "redis://cache" }).decisions.writeMode).toBe("async");
  });

  it("takes a replica for reports beside the database that it is a replica of, and not alone", () => {
    const DATABASE_REPLICA_URL = "postgres://u:pw@replica/lotty";
    const { database } = configOf({ DATABASE_URL: "postgres://db/lotty", DATABASE_REPLICA_URL });
    expect(database.kind === "postgres" && database.replicaUrl?.reveal()).toBe(DATABASE_REPLICA_URL);
    expect(configOf({ DATABASE_URL: "postgres://db/lotty" }).database).toMatchObject({
      replicaUrl: null,
      reportTimeoutMillis: 60_000,
    });
    expect(faultsOf({ DATABASE_REPLICA_URL })).toMatchObject([{ setting: "DATABASE_REPLICA_URL" }]);
  });

  it("refuses to queue events without a stream", () => {
    expect(faultsOf({ EVENT_WRITE_MODE: "async" })).toMatchObject([{ setting: "EVENT_WRITE_MODE" }]);
    expect(configOf({ EVENT_WRITE_MODE: "async", REDIS_URL: "redis://cache" }).events.writeMode).toBe("async");
  });

  it("refuses to forget events that may still be sent again", () => {
    expect(faultsOf({ EVENT_RETENTION_DAYS: "29" })).toMatchObject([{ setting: "EVENT_RETENTION_DAYS" }]);
    expect(configOf({ EVENT_RETENTION_DAYS: "30" }).events.retentionDays).toBe(30);
    expect(configOf({ EVENT_RETENTION_DAYS: "29", EVENT_MAX_AGE_DAYS: "29" }).events.maxAgeDays).toBe(29);
  });

  it("refuses a deadline of requests that is not above those of the database, and names all of them", () => {
    const limits = { DATABASE_CONNECT_TIMEOUT_MS: "1000", DATABASE_STATEMENT_TIMEOUT_MS: "2000" };
    const env = { DATABASE_URL: "postgres://db/lotty", REQUEST_TIMEOUT_MS: "3000", ...limits };
    const [fault, ...others] = faultsOf(env);
    expect(others).toEqual([]);
    expect(fault?.setting).toBe("REQUEST_TIMEOUT_MS");
    expect(fault?.message).toContain("DATABASE_CONNECT_TIMEOUT_MS and DATABASE_STATEMENT_TIMEOUT_MS");
    expect(configOf({ ...env, REQUEST_TIMEOUT_MS: "3001" }).limits.requestTimeoutMillis).toBe(3_001);
    expect(faultsOf({ ...env, REQUEST_TIMEOUT_MS: "many" })).toHaveLength(1);
  });

  it("does not compare the deadline of requests with a database or a Redis that is not used", () => {
    expect(configOf({ REQUEST_TIMEOUT_MS: "100" }).limits.requestTimeoutMillis).toBe(100);
  });

  it("refuses a deadline of requests that is not above Redis's", () => {
    const env = { REDIS_URL: "redis://cache", REQUEST_TIMEOUT_MS: "500" };
    expect(faultsOf(env)).toMatchObject([
      { setting: "REQUEST_TIMEOUT_MS", message: expect.stringContaining("REDIS_COMMAND_TIMEOUT_MS") as string },
    ]);
    expect(configOf({ ...env, REDIS_COMMAND_TIMEOUT_MS: "499" }).redis?.commandTimeoutMillis).toBe(499);
  });

  it("refuses to wait for load balancers until nothing is left of the time to end in", () => {
    expect(faultsOf({ SHUTDOWN_DELAY_SECONDS: "10" })).toMatchObject([
      {
        setting: "SHUTDOWN_DELAY_SECONDS",
        message: expect.stringContaining("SHUTDOWN_GRACE_SECONDS (10)") as string,
      },
    ]);
    expect(configOf({ SHUTDOWN_DELAY_SECONDS: "10", SHUTDOWN_GRACE_SECONDS: "30" }).shutdownDelaySeconds).toBe(10);
  });

  it("keeps nothing on disk when told to use memory, beside Postgres too", () => {
    expect(configOf({ LOTTY_DATA_DIR: "memory" }).dataDirectory).toBeNull();
    expect(configOf({ LOTTY_DATA_DIR: "memory", DATABASE_URL: "postgres://db/lotty" }).dataDirectory).toBeNull();
    expect(configOf({ LOTTY_DATA_DIR: "/d", DATABASE_URL: "postgres://db/lotty" }).dataDirectory).toBe("/d");
  });

  it("spools beside Postgres, in the data directory, unless it is told not to or there is none", () => {
    const DATABASE_URL = "postgres://db/lotty";
    expect(configOf({ DATABASE_URL, LOTTY_DATA_DIR: "/d" }).decisions.spool).toEqual({
      directory: "/d",
      maxRows: 1_000_000,
      maxBytes: 1_073_741_824,
      patienceMillis: 1_500,
    });
    const limits = { DECISION_SPOOL_MAX_ROWS: "7", DECISION_SPOOL_MAX_BYTES: "70000", DECISION_SPOOL_AFTER_MS: "50" };
    expect(configOf({ DATABASE_URL, ...limits }).decisions.spool).toMatchObject({
      maxRows: 7,
      maxBytes: 70_000,
      patienceMillis: 50,
    });
    expect(configOf({ DATABASE_URL, DECISION_SPOOL: "OFF" }).decisions.spool).toBeNull();
    expect(configOf({ DATABASE_URL, LOTTY_DATA_DIR: "memory" }).decisions.spool).toBeNull();
    expect(faultsOf({ DATABASE_URL, DECISION_SPOOL: "maybe", DECISION_SPOOL_MAX_ROWS: "0" })).toHaveLength(2);
  });

  it("spools events as it spools decisions, each as it is told", () => {
    const DATABASE_URL = "postgres://db/lotty";
    const limits = { EVENT_SPOOL_MAX_ROWS: "7", EVENT_SPOOL_MAX_BYTES: "70000", EVENT_SPOOL_AFTER_MS: "50" };
    const { decisions, events } = configOf({ DATABASE_URL, LOTTY_DATA_DIR: "/d", DECISION_SPOOL: "off", ...limits });
    expect(decisions.spool).toBeNull();
    expect(events.spool).toEqual({ directory: "/d", maxRows: 7, maxBytes: 70_000, patienceMillis: 50 });
    expect(configOf({ DATABASE_URL, EVENT_SPOOL: "off" }).events.spool).toBeNull();
    expect(configOf({ DATABASE_URL, LOTTY_DATA_DIR: "memory" }).events.spool).toBeNull();
    expect(configOf({}).events.spool).toBeNull();
  });

  it.each(["0.0.0.0", "::", "192.168.1.4", "flags.example.com", "127.0.0.1.example.com"])(
    "asks everybody who they are on %s, which others can reach",
    (host) => {
      expect(configOf({ HOST: host })).toMatchObject({ api: { host }, access: { required: true } });
      expect(configOf({ HOST: host, AUTHENTICATION: "automatic" }).access.required).toBe(true);
    },
  );

  it.each(["127.0.0.1", "127.1.2.3", "::1", "localhost", "LOCALHOST"])("asks nobody on %s unless told to", (host) => {
    expect(configOf({ HOST: host })).toMatchObject({ api: { host }, access: { required: false } });
    expect(configOf({ HOST: host, AUTHENTICATION: "REQUIRED" }).access.required).toBe(true);
  });

  it("takes a password of the first admin that is hard to guess, refuses others, and shows neither", () => {
    const config = configOf({ ADMIN_PASSWORD: "correct horse battery" });
    expect(config.access.adminPassword?.reveal()).toBe("correct horse battery");
    expect(JSON.stringify(config)).not.toContain("horse");
    for (const ADMIN_PASSWORD of ["admin", "changeme", "passwordpassword", "admin-admin-1", "x".repeat(300)]) {
      const faults = faultsOf({ ADMIN_PASSWORD });
      expect(faults).toMatchObject([{ setting: "ADMIN_PASSWORD" }]);
      expect(faults[0]?.message).not.toContain(ADMIN_PASSWORD);
    }
  });

  it("takes trusted proxies as addresses and networks, and nothing else", () => {
    const TRUSTED_PROXIES = "10.0.0.7, 10.1.0.0/16,fd00::/8,::1";
    expect(configOf({ TRUSTED_PROXIES }).access.trustedProxies).toEqual(["10.0.0.7", "10.1.0.0/16", "fd00::/8", "::1"]);
    for (const wrong of ["*", "proxy.example.com", "10.0.0.0/33", "10.0.0.7,", "fd00::/129", "1.2.3.4/8/8"]) {
      expect(faultsOf({ TRUSTED_PROXIES: wrong })).toMatchObject([{ setting: "TRUSTED_PROXIES" }]);
    }
  });

  it("refuses sessions that may be idle for longer than they last", () => {
    expect(faultsOf({ SESSION_IDLE_MINUTES: "61", SESSION_MAX_HOURS: "1" })).toMatchObject([
      { setting: "SESSION_IDLE_MINUTES", message: expect.stringContaining("SESSION_MAX_HOURS (1)") as string },
    ]);
    expect(configOf({ SESSION_IDLE_MINUTES: "60", SESSION_MAX_HOURS: "1" }).access.sessionMaxMillis).toBe(3_600_000);
  });

  it("takes an empty LOTTY_DEMO for none, and no other setting that is empty", () => {
    expect(configOf({ LOTTY_DEMO: "" }).demoFile).toBeNull();
    expect(configOf({ LOTTY_DEMO: "demo.yaml" }).demoFile).toBe("demo.yaml");
    const others = SETTING_NAMES.filter((name) => name !== "LOTTY_DEMO");
    const faults = faultsOf(Object.fromEntries(others.map((name) => [name, ""])));
    expect(faults.map((fault) => fault.setting)).toEqual(others);
    for (const fault of faults) expect(fault.message).toBe("is set, but empty");
  });

  it("lets the worker's health and metrics be reached from other machines", () => {
    expect(configOf({ WORKER_HOST: "0.0.0.0" }).worker.host).toBe("0.0.0.0");
  });

  it("never shows a refused URL, for it may hold a password", () => {
    for (const url of ["postgres//u:hunter2@db", "http://u:hunter2@db", "hunter2"]) {
      const faults = faultsOf({ DATABASE_URL: url, REDIS_URL: url });
      expect(faults).toHaveLength(2);
      expect(JSON.stringify(faults)).not.toContain("hunter2");
    }
  });

  it("gives a configuration or at least one fault, and never throws, whatever the variables hold", () => {
    const env = fc.dictionary(fc.constantFrom(...SETTING_NAMES), fc.oneof(fc.string(), fc.constantFrom("1", "async")));
    fc.assert(
      fc.property(env, (variables) => {
        const loaded = loadConfig(variables);
        if (loaded.ok) return;
        expect(loaded.faults.length).toBeGreaterThan(0);
        for (const fault of loaded.faults) expect(SETTING_NAMES).toContain(fault.setting);
      }),
    );
  });
});
