import { describe, expect, it } from "vitest";
import type { Environment } from "./environment.ts";
import { loadConfig } from "./load-config.ts";

function warningsOf(env: Environment) {
  return loadConfig(env).warnings;
}

describe("warnings", () => {
  it("are none for an environment of settings and other programs' variables", () => {
    expect(
      warningsOf({
        PATH: "/bin",
        HOME: "/root",
        HOSTNAME: "box",
        PORTS: "1",
        NODE_ENV: "test",
        LOG_DIR: "/x",
        PORT: "1",
      }),
    ).toEqual([]);
  });

  it.each([
    ["DECISION_WRITE_MOD", "DECISION_WRITE_MODE"],
    ["DECISION_RESULT_CACHE_TTL", undefined],
    ["LOTTY_DATADIR", "LOTTY_DATA_DIR"],
    ["LOTTY_SECRET", undefined],
  ])("name our unknown variable %s", (name, meant) => {
    const hint = meant === undefined ? {} : { hint: `did you mean ${meant}?` };
    expect(warningsOf({ [name]: "x" })).toEqual([
      { setting: name, message: "is not a setting of Lotty and has no effect", ...hint },
    ]);
  });

  it.each([
    ["DATABASE_URI", "DATABASE_URL"],
    ["DATABSE_URL", "DATABASE_URL"],
    ["REDIS_ULR", "REDIS_URL"],
  ])("name the near miss %s", (name, meant) => {
    expect(warningsOf({ [name]: "x" })).toMatchObject([{ setting: name, hint: `did you mean ${meant}?` }]);
  });

  it("leave the variables of the tests and of the command line alone", () => {
    expect(warningsOf({ LOTTY_TEST_POSTGRES_URL: "postgres://db", LOTTY_KEY: "lotty_server_x" })).toEqual([]);
  });

  it("name settings that have no effect beside the others", () => {
    const postgres = { DATABASE_URL: "postgres://db/lotty", LOTTY_DATA_DIR: "/data" };
    expect(warningsOf(postgres)).toEqual([]);
    expect(warningsOf({ DATABASE_POOL_SIZE: "5", REDIS_KEY_PREFIX: "x" })).toEqual([
      { setting: "DATABASE_POOL_SIZE", message: "has no effect because DATABASE_URL is not set" },
      { setting: "REDIS_KEY_PREFIX", message: "has no effect because REDIS_URL is not set" },
    ]);
  });

  it("name settings of a spool that there is not", () => {
    const DATABASE_URL = "postgres://db/lotty";
    const DECISION_SPOOL_MAX_ROWS = "5";
    const about = (env: Environment) => warningsOf(env).map(({ setting, message }) => `${setting} ${message}`);
    expect(about({ DATABASE_URL, DECISION_SPOOL_MAX_ROWS })).toEqual([]);
    expect(about({ DATABASE_URL, DECISION_SPOOL_MAX_ROWS, DECISION_SPOOL: "off" })).toEqual([
      "DECISION_SPOOL_MAX_ROWS has no effect because DECISION_SPOOL is off",
    ]);
    expect(about({ DATABASE_URL, DECISION_SPOOL: "on", LOTTY_DATA_DIR: "memory" })).toEqual([
      "DECISION_SPOOL has no effect because LOTTY_DATA_DIR is memory",
    ]);
    expect(about({ DECISION_SPOOL: "off", DECISION_SPOOL_MAX_ROWS })).toEqual([
      "DECISION_SPOOL has no effect because DATABASE_URL is not set",
      "DECISION_SPOOL_MAX_ROWS has no effect because DATABASE_URL is not set",
    ]);
    expect(about({ DATABASE_URL, EVENT_SPOOL_MAX_ROWS: "5", EVENT_SPOOL: "off" })).toEqual([
      "EVENT_SPOOL_MAX_ROWS has no effect because EVENT_SPOOL is off",
    ]);
  });

  it("come with faults as well", () => {
    const loaded = loadConfig({ PORT: "x", LOTTY_PROT: "1" });
    expect(loaded.ok).toBe(false);
    expect(loaded.warnings).toHaveLength(1);
  });
});
